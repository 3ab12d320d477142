package dev.tandem.miner;

import dev.tandem.miner.denoising.Denoising;
import dev.tandem.miner.label.ClickCurve;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.serving.IndexKind;
import dev.tandem.miner.serving.IndexSettings;
import dev.tandem.retrieval.checkpoint.StoreSettings;
import dev.tandem.retrieval.encoder.Precision;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Everything that can be set of the miner; checked at start by the parts that use it. */
@ConfigMapping(prefix = "miner")
public interface MinerConfig {
    /** Directory of what the topology remembers; lost, it is restored from the broker. */
    @WithDefault("miner-state")
    Path stateDir();

    /** Checkpoint store: a directory, or s3://bucket/prefix; promotions of checkpoints elsewhere are refused. */
    @WithDefault("checkpoints")
    String store();

    /** Directory of local copies where the store is in S3; this process alone uses it. */
    @WithDefault("miner-cache")
    Path storeCache();

    /** Server of a store in S3, such as http://minio:9000; without it AWS. */
    Optional<URI> storeEndpoint();

    /** Region of a store in S3; by default what the environment says, beside an endpoint us-east-1. */
    Optional<String> storeRegion();

    /** Whether the bucket's name goes into the path instead of the host name; by default if there is an endpoint. */
    Optional<Boolean> storePathStyle();

    /** What senders of feedback over HTTP must know (Authorization: Bearer); without it POST is refused. */
    Optional<String> token();

    /** Name of this instance: the same after a restart (a pod's name), no other's at the same time. */
    @WithDefault("0")
    String instance();

    /** Share of the query texts kept for evaluation, 0 to below 1, where the sender does not say. */
    @WithDefault("0.1")
    double heldOutShare();

    /**
     * Share of the query texts without a label of which a list is mined all the same, 0 to 1, once the champion has a trained
     * re-ranker: the joint stage distils from what both models say of it.
     */
    @WithDefault("0")
    double unlabelledShare();

    /** n: passages retrieved for a query. */
    @WithDefault("100")
    int retrieveDepth();

    /** m: passages of these scored by the champion's cross encoder; 1 to n. Mining time grows with it. */
    @WithDefault("50")
    int rerankDepth();

    /** L: passages in a list, the positive included; 2 to 128. */
    @WithDefault("8")
    int listLength();

    /** Share of the labelled positive's retriever score above which nothing is a negative; above 0 to 1, 0.95 is usual. */
    OptionalDouble negativeLimit();

    /** Seed of the sampling; the same inputs and seed give the same lists. */
    @WithDefault("1")
    long seed();

    /** Share of the miner's time spent on mining all queries again after a promotion, at most; above 0 to 1. */
    @WithDefault("0.5")
    double remineShare();

    /**
     * How a champion's passages are searched: exact, which looks at all of them, in the heap; or hnsw, which is faster among
     * very many, on disk below state-dir, and misses some (GET /progress tells its recall).
     */
    @WithDefault("exact")
    IndexKind index();

    /** Where the models compute: auto (the first GPU if PyTorch sees one, else the CPU), cpu or cuda:N. */
    @WithDefault("auto")
    String device();

    /** What they compute with: fp32, bf16, or auto, which is bf16 on a GPU and fp32 on a CPU. */
    @WithDefault("auto")
    Precision precision();

    /** When clicks become labels. */
    Clicks clicks();

    /** What the cross encoder's scores mean. */
    DenoisingThresholds denoising();

    /**
     * What a program sets, and the defaults for the rest.
     *
     * @param settings by their names, {@code miner.list-length}
     * @throws IllegalArgumentException if a name is unknown or a value is none of its kind
     */
    static MinerConfig of(Map<String, String> settings) {
        try {
            return new SmallRyeConfigBuilder()
                    .withMapping(MinerConfig.class)
                    .withSources(new PropertiesConfigSource(settings, "program", 100))
                    .build()
                    .getConfigMapping(MinerConfig.class);
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(e.getProblem(0).getMessage(), e);
        }
    }

    /** How lists are made, checked. */
    default MiningSettings asMining() {
        return new MiningSettings(
                retrieveDepth(),
                rerankDepth(),
                listLength(),
                seed(),
                new Denoising(denoising().negativeBelow(), denoising().positiveAbove()),
                negativeLimit(),
                unlabelledShare());
    }

    /** What becomes of feedback. */
    default LabelRules asRules() {
        return new LabelRules(clicks().asPolicy(), heldOutShare(), unlabelledShare());
    }

    /** How a champion's passages are indexed. */
    default IndexSettings asIndexing() {
        return new IndexSettings(index(), Optional.of(stateDir().resolve("index")));
    }

    /** The checkpoint store, checked. */
    default StoreSettings asStore() {
        return new StoreSettings(store(), storeCache(), storeEndpoint(), storeRegion(), storePathStyle());
    }

    /** When clicks become labels. */
    interface Clicks {
        /** Distinct users with a satisfied click on a passage that make it a positive; 1 or more. */
        @WithDefault("3")
        int minimumUsers();

        /** Shortest stay that counts as satisfied, where it is known. */
        @WithDefault("PT30S")
        Duration minimumDwell();

        /** Passages of one query text that one user clicks, at most; who clicks more is a machine and counts for nothing. */
        @WithDefault("5")
        int mostPerUser();

        /** Clicks per impression at rank 1, whatever stands there; above 0 to 1. GET /progress tells what was measured. */
        @WithDefault("0.3")
        double rateAtTop();

        /** How fast they fall: clicks per impression at rank r are rate-at-top · r^-rank-decay; 0 to 10. */
        @WithDefault("0.7")
        double rankDecay();

        /** Clicks over expected clicks that a positive exceeds; 0 does without. */
        @WithDefault("1")
        double minimumCoec();

        /** Confidence with which it exceeds them, one-sided; 0.5 to below 1. */
        @WithDefault("0.95")
        double confidence();

        /** When clicks become labels, checked. */
        default ClickPolicy asPolicy() {
            return new ClickPolicy(
                    minimumUsers(),
                    minimumDwell(),
                    mostPerUser(),
                    new ClickCurve(rateAtTop(), rankDecay()),
                    minimumCoec(),
                    confidence());
        }

        /**
         * How long after its impression a click is taken, in event time; above 0. What is kept lies by periods of twice this and the grace:
         * after a change of either, clicks on what was shown before it find no impression, and what is sent again is not known again.
         */
        @WithDefault("PT30M")
        Duration window();

        /** How much longer impressions and clicks may arrive out of order. */
        @WithDefault("PT5M")
        Duration grace();
    }

    /** What the cross encoder's scores mean; 0 <= negative-below < positive-above <= 1. */
    interface DenoisingThresholds {
        /** Relevance below which a passage is a confirmed negative. */
        @WithDefault("0.1")
        double negativeBelow();

        /** Relevance above which an unlabelled passage is a pseudo-positive. */
        @WithDefault("0.9")
        double positiveAbove();
    }
}
