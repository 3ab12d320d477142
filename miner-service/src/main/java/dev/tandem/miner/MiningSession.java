package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.LabelledQuery;
import dev.tandem.events.ListKind;
import dev.tandem.events.Topics;
import dev.tandem.miner.LabelBook.Entry;
import dev.tandem.miner.mining.CandidateListMiner;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.PromotedRetriever;
import dev.tandem.retrieval.CandidateList;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mining loop between two failures of the broker: reads, mines a few queries, writes their lists together with the
 * offsets, and again.
 *
 * <p>New labels go first; then, after a promotion, all labels again, newest feedback first, in a bounded share of its
 * time. Every piece of work is short, so a new label or a newer promotion never waits long.
 */
final class MiningSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MiningSession.class);
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final int MOST_QUERIES = 500;
    /** A cross encoder reads tens of passages for a query. */
    private static final int MOST_SCORED_QUERIES = 32;

    private static final int MOST_POLLS = 20;

    private final Topics topics;
    private final Corpus corpus;
    private final PromotedRetriever retriever;
    private final CandidateListMiner miner;
    private final RestingPace remining;
    private final Clock clock;
    private final Consumer<MiningProgress> progress;
    private final Refusals refusals = new Refusals();
    private final LabelBook book = new LabelBook();
    private final ReferenceFeed reference;
    private final LabelFeed labels;
    private final Producer<byte[], byte[]> producer;
    private boolean isServing;

    MiningSession(MiningParts parts, Consumer<MiningProgress> progress) {
        this.topics = parts.topics();
        this.corpus = parts.corpus();
        this.retriever = parts.retriever();
        this.miner = parts.miner();
        this.remining = new RestingPace(parts.remineShare());
        this.clock = parts.clock();
        this.progress = progress;
        this.producer = parts.clients().producer();
        this.reference = new ReferenceFeed(topics, parts.clients(), retriever, book::arrived, refusals);
        this.labels = new LabelFeed(topics, parts.clients(), book, refusals);
    }

    void run(BooleanSupplier isStopped) {
        producer.initTransactions();
        reference.start();
        while (!isStopped.getAsBoolean()) {
            boolean hadWork = step();
            if (!hadWork) {
                labels.poll(IDLE);
            }
        }
    }

    /** One round; returns whether there is more to do at once. */
    private boolean step() {
        readReference();
        labels.poll(Duration.ZERO);
        boolean isNewChampion = retriever.swap();
        isServing |= reference.isCaughtUp() && !retriever.isBuilding();
        if (!isServing || !labels.isReplayed()) {
            publish();
            return false;
        }
        if (labels.takesNewPartitions() || isNewChampion) {
            book.planRemining(retriever.current().id());
            LOG.info(
                    "Mining with checkpoint={} queries={} toMineAgain={}",
                    retriever.current().id(),
                    book.size(),
                    book.remaining());
        }
        boolean hasMined = mineSome();
        publish();
        return hasMined;
    }

    private void readReference() {
        Duration patience = reference.isCaughtUp() ? Duration.ZERO : IDLE;
        for (int polls = 0; polls < MOST_POLLS; polls++) {
            if (!reference.poll(patience)) {
                return;
            }
        }
    }

    private boolean mineSome() {
        int most = retriever.current().canScore() ? MOST_SCORED_QUERIES : MOST_QUERIES;
        List<Entry> fresh = book.nextFresh(most);
        if (!fresh.isEmpty()) {
            write(mine(fresh));
            return true;
        }
        if (mayRemine()) {
            long began = System.nanoTime();
            List<Entry> again = book.nextRemined(most);
            List<ProducerRecord<byte[], byte[]>> lists = mine(again);
            book.remined(again);
            write(lists);
            remining.worked(began, System.nanoTime());
            return book.hasFresh() || mayRemine();
        }
        if (refusals.hasLetters() || labels.hasNoLongerTrained()) {
            write(List.of());
        }
        return false;
    }

    private boolean mayRemine() {
        return book.remaining() > 0 && remining.isRested(System.nanoTime());
    }

    /** Lists of some queries as records; the book is told what was made, and what has to wait for its positive. */
    private List<ProducerRecord<byte[], byte[]>> mine(List<Entry> entries) {
        Map<String, Entry> byKey = new HashMap<>();
        List<TrainingQuery> queries = new ArrayList<>();
        for (Entry entry : entries) {
            byKey.put(entry.labelled().getQueryKey(), entry);
            queries.add(MinedLists.query(entry.labelled()));
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (CandidateList list : miner.mine(retriever.current(), corpus, queries)) {
            Entry entry = byKey.get(list.key().value());
            records.add(record(list, entry.labelled()));
            book.sent(entry.partition(), 1);
        }
        for (TrainingQuery query : queries) {
            if (!query.isLabelled()) {
                records.addAll(withdrawn(query.key().value(), List.of(ListKind.UNDENOISED, ListKind.DENOISED)));
                continue;
            }
            if (miner.minesWithoutLabel(query.key())) {
                records.addAll(withdrawn(query.key().value(), List.of(ListKind.UNLABELLED)));
            }
            if (query.positives().stream().noneMatch(corpus::contains)) {
                book.await(byKey.get(query.key().value()), query.positives());
            }
        }
        return records;
    }

    /** Writes lists, dead letters and offsets in one transaction: all of them, or none and the session ends. */
    private void write(List<ProducerRecord<byte[], byte[]>> lists) {
        producer.beginTransaction();
        lists.forEach(this::send);
        labels.takeNoLongerTrained()
                .forEach(queryKey ->
                        withdrawn(queryKey, List.of(ListKind.values())).forEach(this::send));
        if (refusals.hasLetters()) {
            refusals.takeLetters().forEach(this::send);
            producer.sendOffsetsToTransaction(
                    reference.offsets(), new ConsumerGroupMetadata(MinerClients.REFERENCE_GROUP));
        }
        producer.sendOffsetsToTransaction(labels.offsets(), labels.group());
        producer.commitTransaction();
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record); // what goes wrong is thrown by commitTransaction
    }

    private ProducerRecord<byte[], byte[]> record(CandidateList list, LabelledQuery labelled) {
        ListKind kind = ListKind.valueOf(list.kind().name());
        return new ProducerRecord<>(
                topics.candidateLists().name(),
                Topics.listKey(list.key().value(), kind).getBytes(UTF_8),
                topics.candidateLists().write(MinedLists.event(list, labelled, clock.instant())));
    }

    /** Tombstones for lists of a query that has another sort of label now, or is held out. */
    private List<ProducerRecord<byte[], byte[]>> withdrawn(String queryKey, List<ListKind> kinds) {
        List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
        for (ListKind kind : kinds) {
            byte[] key = Topics.listKey(queryKey, kind).getBytes(UTF_8);
            tombstones.add(new ProducerRecord<>(topics.candidateLists().name(), key, null));
        }
        return tombstones;
    }

    private void publish() {
        long training = book.training();
        boolean isCaughtUp = isServing && labels.isReplayed() && !book.hasFresh();
        Map<TopicPartition, Long> readUpTo = new HashMap<>(reference.positions());
        readUpTo.putAll(labels.positions());
        progress.accept(new MiningProgress(
                corpus.size(),
                training,
                book.size() - training,
                book.lists(),
                retriever.current().id(),
                retriever.current().index(),
                book.planned() - book.remaining(),
                book.planned(),
                refusals.counts(),
                readUpTo,
                isCaughtUp));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        labels.close();
        reference.close();
    }
}
