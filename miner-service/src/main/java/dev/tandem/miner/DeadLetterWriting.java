package dev.tandem.miner;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Sends what was refused on, with its headers; dated now, so that an event of last year is not past its retention. */
final class DeadLetterWriting extends ContextualProcessor<String, Verdict, byte[], byte[]> {
    @Override
    public void process(Record<String, Verdict> record) {
        if (record.value() instanceof Verdict.Refused refused) {
            ProducerRecord<byte[], byte[]> letter = refused.letter();
            context()
                    .forward(new Record<>(
                            letter.key(), letter.value(), context().currentSystemTimeMs(), letter.headers()));
        }
    }
}
