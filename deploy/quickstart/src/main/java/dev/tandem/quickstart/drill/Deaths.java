package dev.tandem.quickstart.drill;

import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.process.ChildProcess.Death;
import dev.tandem.quickstart.process.LogTail;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Processes that ended: those that the drill has killed are no news. */
final class Deaths implements Consumer<Death> {
    private static final int LOG_LINES = 12;
    /** Status of a process that kill -9 has ended. */
    private static final int KILLED = 137;

    private final Screen screen;
    private final List<String> unbidden = new CopyOnWriteArrayList<>();
    private volatile boolean isFinal;

    Deaths(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void accept(Death death) {
        if (death.exitCode() != KILLED || !death.restarted()) {
            unbidden.add("%s with status %d".formatted(death.name(), death.exitCode()));
            screen.say("the %s ended by itself with status %d%s; the end of %s:%n    %s"
                    .formatted(
                            death.name(),
                            death.exitCode(),
                            death.restarted() ? "" : " and is not started again",
                            death.log(),
                            String.join("%n    ".formatted(), LogTail.of(death.log(), LOG_LINES))));
        }
        isFinal |= !death.restarted();
    }

    /** Processes that ended by themselves. */
    List<String> unbidden() {
        return List.copyOf(unbidden);
    }

    /** Whether one of them ended so often that it stays down. */
    boolean isFinal() {
        return isFinal;
    }
}
