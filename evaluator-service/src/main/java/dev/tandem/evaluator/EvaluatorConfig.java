package dev.tandem.evaluator;

import dev.tandem.evaluator.webhook.WebhookSettings;
import dev.tandem.retrieval.checkpoint.StoreSettings;
import dev.tandem.retrieval.encoder.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The evaluator's configuration. */
@ConfigMapping(prefix = "evaluator")
public interface EvaluatorConfig {
    /** Checkpoint store: a directory, or s3://bucket/prefix; the trainer writes it. */
    @WithDefault("checkpoints")
    String store();

    /** Directory of local copies where the store is in S3; this process alone uses it. */
    @WithDefault("evaluator-cache")
    Path storeCache();

    /** Server of a store in S3, such as http://minio:9000; without it AWS. */
    Optional<URI> storeEndpoint();

    /** Region of a store in S3; by default what the environment says, beside an endpoint us-east-1. */
    Optional<String> storeRegion();

    /** Whether the bucket's name goes into the path instead of the host name; by default if there is an endpoint. */
    Optional<Boolean> storePathStyle();

    /** Secret of at least 16 characters that lets a person change promotions over HTTP; without one nobody may. */
    Optional<String> token();

    /** Who is told of promotions by signed POSTs; without it nobody. */
    Optional<URI> webhookUrl();

    /** Secret of 24 to 64 bytes in base64 that signs them (HMAC-SHA256); needed beside the URL. */
    Optional<String> webhookSecret();

    /** Passages of each query that the cross encoder orders anew; 2 to 1000. */
    @WithDefault("50")
    int rerankDepth();

    /**
     * Most passages on which checkpoints are measured, for a corpus too large to be encoded for each; 0 measures on all. Values on
     * a pool are higher than on the corpus, and every evaluation says so.
     */
    @WithDefault("0")
    int pool();

    /** Passages of each held-out query that BM25 and the champion bring into the pool; 1 to 1000. */
    @WithDefault("100")
    int poolDepth();

    /** Share of the promotions that may be of checkpoints that are no better, as expected; above 0, below 1. */
    @WithDefault("0.05")
    double alpha();

    /** Smallest gain in MRR@10 that is worth a promotion; 0 to 1. */
    @WithDefault("0.005")
    double minimumEffect();

    /** Largest loss in a gating metric, in recall@50 or in the re-ranker's MRR@10 that may stay possible; 0 to 1. */
    @WithDefault("0.05")
    double margin();

    /** Sign assignments drawn by each randomization test, and more where the level asks for them; 1,000 and more. */
    @WithDefault("20000")
    int randomizationSamples();

    /** Resamples of each bootstrap interval; 1,000 and more. */
    @WithDefault("2000")
    int bootstrapResamples();

    /** Seed of tests and intervals: the same scores give the same decision. */
    @WithDefault("1")
    long seed();

    /** Where the models compute: auto (the first GPU if PyTorch sees one, else the CPU), cpu or cuda:N. */
    @WithDefault("auto")
    String device();

    /** What they compute with: fp32, bf16, or auto, which is bf16 on a GPU and fp32 on a CPU. */
    @WithDefault("auto")
    Precision precision();

    /** Silence of a running evaluation after which the service says that it is stuck. */
    @WithDefault("PT10M")
    Duration stuckAfter();

    /** Id under which it writes; a second evaluator with the same one takes over from the first. */
    @WithDefault("tandem-evaluator")
    String transactionalId();

    /** Who is told of promotions, checked. */
    default Optional<WebhookSettings> asWebhook() {
        return WebhookSettings.of(webhookUrl(), webhookSecret());
    }

    /** The checkpoint store, checked. */
    default StoreSettings asStore() {
        return new StoreSettings(store(), storeCache(), storeEndpoint(), storeRegion(), storePathStyle());
    }
}
