package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "search", description = "Ask the champion (BM25 while there is none).", mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    private static final int SNIPPET = 100;

    @Parameters(paramLabel = "TEXT", description = "The query; several words need no quotes.", arity = "1..*")
    private List<String> words;

    @Option(names = "-k", defaultValue = "10", description = "How many passages (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(names = "--json", description = "Print the answer as one JSON line.")
    private boolean json;

    @Mixin
    private RunningRing ring = new RunningRing();

    @Option(names = "--evaluator", paramLabel = "URL", description = "Evaluator (default: the running quickstart's).")
    private URI evaluator;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode answer = answer(evaluator());
        if (json) {
            out.println(answer);
            return 0;
        }
        out.printf("served by %s%n", answer.path("servedBy").asText());
        answer.path("hits").forEach(hit -> print(out, hit));
        return 0;
    }

    private URI evaluator() {
        return evaluator != null
                ? evaluator
                : ring.find()
                        .orElseThrow(() -> ring.missing(" or --evaluator URL"))
                        .evaluator();
    }

    private JsonNode answer(URI asked) throws IOException {
        URI uri =
                asked.resolve("/api/search?k=%d&q=%s".formatted(k, URLEncoder.encode(String.join(" ", words), UTF_8)));
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Failure(
                        "The evaluator at %s answered %d: %s".formatted(asked, response.statusCode(), response.body()));
            }
            return new JsonMapper().readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted", e);
        } catch (java.net.ConnectException e) {
            throw new Failure("No evaluator answers at %s. Is it running?".formatted(asked), e);
        }
    }

    private static void print(PrintWriter out, JsonNode hit) {
        String reranker = hit.path("rerankerScore").isNumber()
                ? ", re-ranker %.3f".formatted(hit.path("rerankerScore").asDouble())
                : "";
        out.printf(
                "%2d. %s  %s  (retriever %.3f%s)%n",
                hit.path("rank").asInt(),
                hit.path("title").asText(),
                hit.path("passageId").asText(),
                hit.path("retrieverScore").asDouble(),
                reranker);
        String text = hit.path("text").asText().replaceAll("\\s+", " ");
        out.printf("    %s%n", text.length() <= SNIPPET ? text : text.substring(0, SNIPPET) + "…");
    }
}
