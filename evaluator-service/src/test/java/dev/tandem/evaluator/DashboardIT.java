package dev.tandem.evaluator;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of the packaged service as a person uses it, in an installed Chromium; one page, opened once. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardIT {
    private static final List<String> BROWSERS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final double PATIENCE_MILLIS = 90_000;

    @TempDir
    static Path directory;

    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();
    private static final Queue<String> ERRORS = new ConcurrentLinkedQueue<>();
    private static RingAround ring;
    private static ServiceProcess service;
    private static Playwright playwright;
    private static Page page;

    @BeforeAll
    static void open() throws Exception {
        Optional<String> browser = BROWSERS.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        assumeTrue(browser.isPresent(), "No Chromium at " + String.join(", ", BROWSERS));
        ServiceProcess.assumeBuilt();
        ring = new RingAround(directory);
        service = ServiceProcess.start(ring, "dashboard-it.log");
        ring.publishCorpus();
        page = newPage(browser.get());
        Awaitility.await().atMost(Duration.ofMillis((long) PATIENCE_MILLIS)).until(DashboardIT::isReady);
        page.navigate(service.root().toString());
    }

    private static Page newPage(String browser) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        Browser chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(browser))
                        .setArgs(List.of("--no-sandbox", "--disable-background-networking")));
        Page opened = chromium.newPage();
        opened.onRequest(request -> ASKED.add(request.url()));
        opened.onPageError(ERRORS::add);
        return opened;
    }

    private static boolean isReady() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    service.root().resolve("q/health/ready").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @AfterAll
    static void close() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (service != null) {
            service.close();
            ring.close();
        }
    }

    @Test
    @Order(1)
    void showsThePromotionWithoutAReload() throws Exception {
        assertThat(page.locator("#live-heading")).hasText("BM25 answers until the first promotion");
        page.evaluate("window.sameDocument = true");

        ring.announce(ring.save("first", true, 7), true);

        assertThat(page.locator("#live-heading")).hasText("first");
        assertThat(page.locator("#live-lede")).containsText("First champion: retriever MRR@10 ");
        assertEquals(true, page.evaluate("window.sameDocument"));
    }

    @Test
    @Order(2)
    void tellsWhyACheckpointWasRejected() throws Exception {
        ring.announce(ring.save("twin", true, 7), true);

        assertThat(row("twin").locator(".decision")).hasText("Rejected");
        assertThat(row("twin").locator(".why")).containsText("The same as the champion on every query");
    }

    @Test
    @Order(3)
    void promotesACheckpointByKeyboard() {
        row("twin").locator("button").press("Enter");
        page.getByText("Promote this checkpoint …").press("Enter");
        assertThat(page.locator("#order-said")).containsText("It was rejected: The same as the champion");
        assertThat(page.locator("#order-reason")).isFocused();

        page.keyboard().type("the demo needs it");
        page.locator("#order-token").fill(ServiceProcess.TOKEN);
        page.keyboard().press("Enter");

        assertThat(page.locator("#order-status")).containsText("twin is the champion.");
        assertThat(page.locator("#order-done")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#order")).isHidden();
        assertThat(page.locator("#live-heading")).hasText("twin");
        assertThat(page.locator("#live-lede")).containsText("Forced: the demo needs it");
    }

    @Test
    @Order(4)
    void rollsBackOnlyWithTheTokenAndAReason() {
        page.locator("#order-rollback").press("Enter");
        assertThat(page.locator("#order-heading")).hasText("Roll back to first?");
        page.locator("#order-send").click();
        assertThat(page.locator("#order-error")).containsText("Say why");
        page.locator("#order-reason").fill("the demo is over");
        page.locator("#order-token").fill("not the token");
        page.locator("#order-send").click();

        assertThat(page.locator("#order-error"))
                .hasText("Not allowed. The token is not the one of evaluator.token. Nothing was changed.");
        assertThat(page.locator("#order-token")).isFocused();
        assertThat(page.locator("#live-heading")).hasText("twin");

        page.locator("#order-token").fill(ServiceProcess.TOKEN);
        page.locator("#order-send").click();

        assertThat(page.locator("#order-status")).containsText("first is the champion again.");
        page.locator("#order-done").click();
        assertThat(page.locator("#live-heading")).hasText("first");
        assertThat(page.locator("#live-lede")).containsText("Rolled back: the demo is over");
    }

    @Test
    @Order(5)
    void freezesWithTheTokenOfThisTab() {
        page.locator("#order-freeze").click();
        page.locator("#order-reason").fill("holidays");
        page.locator("#order-name").fill("ada");
        page.locator("#order-send").click();
        page.locator("#order-done").click();

        assertThat(page.locator("#orders-frozen")).containsText(Pattern.compile("Promotions were frozen .* by ada"));
        assertThat(page.locator("#order-freeze")).isFocused();
        assertThat(page.locator("#order-freeze")).hasText("Unfreeze promotions …");
    }

    @Test
    @Order(6)
    void setsAChallengerBesideTheChampion() throws Exception {
        ring.announce(ring.save("other", true, 20), true);
        assertThat(row("other").locator(".decision")).hasText("Rejected");
        page.locator("#search-beside input[value=challenger]").check();
        page.locator("#search-query").fill("matrix cache");
        page.locator("#search-query").press("Enter");

        Locator answers = page.locator(".answer");
        assertThat(answers).hasCount(2);
        assertThat(answers.nth(0).locator(".id")).hasText("first");
        assertThat(answers.nth(1).locator(".id")).hasText("other");
        assertThat(answers.nth(1).locator(".hit")).hasCount(10);
        assertThat(answers.nth(1).locator(".shift")).hasCount(10);
        assertThat(answers.nth(1).locator(".moves").first())
                .containsText(Pattern.compile("retriever #\\d+ .*re-ranker #\\d+ "));

        page.locator("#search-challenger").selectOption("twin");
        assertThat(answers.nth(1).locator(".id")).hasText("twin");
        assertThat(answers.nth(1).locator(".shift").first()).containsText("=");
    }

    @Test
    @Order(7)
    void saysInWordsWhatItCannotSearch() {
        page.navigate(service.root() + "?q=matrix&beside=nobody");
        assertThat(page.locator(".answer-error")).containsText("No such checkpoint was announced");

        page.locator("#search-query").fill(" ");
        page.locator("#search-query").press("Enter");
        assertThat(page.locator("#search-status")).hasText("Type a query first.");
    }

    @Test
    @Order(8)
    void askedNobodyElseAndHadNoError() {
        String root = service.root().toString();

        assertTrue(ASKED.size() > 10, "requests: " + ASKED.size());
        assertEquals(
                List.of(), ASKED.stream().filter(url -> !url.startsWith(root)).toList());
        assertEquals(List.of(), List.copyOf(ERRORS));
    }

    private static Locator row(String checkpoint) {
        return page.locator("tr.checkpoint", new Page.LocatorOptions().setHasText(checkpoint));
    }
}
