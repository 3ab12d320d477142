package dev.tandem.evaluator;

import dev.tandem.events.ContainerBroker;
import dev.tandem.events.TestBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the image of Apache Kafka. */
@EnabledIf(value = "dev.tandem.events.ContainerBroker#isEngineThere", disabledReason = "no container engine answers")
class EvaluationContainerIT extends EvaluationIT {
    @Override
    TestBroker broker(Path log) {
        return ContainerBroker.start();
    }
}
