package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.trainer.ListSource;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Candidate lists from files, one file after the other. In a position a file is a partition, the lines read of it are its
 * offset, and the turn is that of the file being read.
 */
final class FileLists implements ListSource {
    private final List<ListFile> files;
    private final Map<Integer, Long> next = new TreeMap<>();
    private int turn;
    private ListReader reader; // of the file whose turn it is; null before it is opened

    FileLists(List<ListFile> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public void seek(Position position) {
        close();
        next.clear();
        next.putAll(position.offsets());
        turn = position.turn();
    }

    @Override
    public Position position() {
        return new Position(next, turn);
    }

    @Override
    public List<Arrival> poll(int most, Duration wait) {
        List<Arrival> arrivals = new ArrayList<>();
        try {
            while (arrivals.size() < most && !isAtEnd()) {
                read().ifPresentOrElse(arrivals::add, this::passTurn);
            }
            return arrivals;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read %s: %s".formatted(files.get(turn).path(), e.getMessage()), e);
        }
    }

    private Optional<Arrival> read() throws IOException {
        if (reader == null) {
            reader = files.get(turn).openAt(next.getOrDefault(turn, 0L));
        }
        Optional<ListReader.Numbered> read = reader.next();
        next.put(turn, reader.position());
        return read.map(numbered -> arrival(turn, numbered));
    }

    private static Arrival arrival(int file, ListReader.Numbered read) {
        CandidateList list = read.list();
        String key = CandidateList.topicKey(list.key(), list.kind());
        return new Arrival(new Origin(file, read.offset()), key, Optional.of(list));
    }

    private void passTurn() {
        close();
        turn++;
    }

    /** All of them must be there: nothing is ever removed from a file. */
    @Override
    public void readAgain(SortedSet<Origin> held, BiConsumer<Origin, CandidateList> lists) {
        SortedSet<Origin> missing = new TreeSet<>(held);
        for (int file = 0; file < files.size(); file++) {
            SortedSet<Origin> ofFile = held.subSet(new Origin(file, 0), new Origin(file + 1, 0));
            if (!ofFile.isEmpty()) {
                readAgain(file, ofFile, lists.andThen((origin, list) -> missing.remove(origin)));
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "Expected all %d lists that the checkpoint holds, %d are missing, the first at line %d of file %d. Give the files as they were when the run began, or another directory by --out."
                            .formatted(
                                    held.size(),
                                    missing.size(),
                                    missing.first().offset() + 1,
                                    missing.first().partition() + 1));
        }
    }

    private void readAgain(int file, SortedSet<Origin> held, BiConsumer<Origin, CandidateList> lists) {
        try (ListReader again = files.get(file).openAt(held.first().offset())) {
            long last = held.last().offset();
            for (Optional<ListReader.Numbered> read = again.next();
                    read.isPresent() && read.get().offset() <= last;
                    read = again.next()) {
                Origin origin = new Origin(file, read.get().offset());
                if (held.contains(origin)) {
                    lists.accept(origin, read.get().list());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read %s: %s".formatted(files.get(file).path(), e.getMessage()), e);
        }
    }

    @Override
    public boolean isAtEnd() {
        return turn >= files.size();
    }

    /** Counted in lines, for a list that has not been read is not counted otherwise. */
    @Override
    public long lag() {
        return files.stream().mapToLong(ListFile::rows).sum()
                - next.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        try {
            if (reader != null) {
                reader.close();
            }
            reader = null;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot close %s".formatted(files.get(turn).path()), e);
        }
    }
}
