package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.retrieval.line.Refusals;
import java.io.PrintWriter;

/** What became of a file's lines. */
final class Summary {
    /** Exit status when some lines were refused. */
    static final int SOME_REFUSED = 3;

    private Summary() {}

    /**
     * Prints it.
     *
     * @param skipped lines about something else, which is no mistake
     * @return exit status of the command
     */
    static int print(
            PrintWriter out, PrintWriter err, boolean json, String what, long taken, long skipped, Refusals refusals) {
        refusals.first().forEach(err::println);
        if (refusals.count() > refusals.first().size()) {
            err.printf("… %d lines in all%n", refusals.count());
        }
        err.flush();
        if (json) {
            ObjectNode line = new JsonMapper()
                    .createObjectNode()
                    .put("taken", taken)
                    .put("skipped", skipped)
                    .put("refused", refusals.count());
            refusals.first().forEach(line.putArray("reasons")::add);
            out.println(line);
        } else {
            String others = skipped == 0 ? "" : ", %d lines about something else".formatted(skipped);
            out.printf("%d %s taken, %d refused%s%n", taken, what, refusals.count(), others);
        }
        out.flush();
        return refusals.count() == 0 ? 0 : SOME_REFUSED;
    }
}
