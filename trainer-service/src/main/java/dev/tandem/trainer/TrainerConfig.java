package dev.tandem.trainer;

import dev.tandem.retrieval.checkpoint.StoreSettings;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.trainer.recipe.Distillation;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Optimizer;
import dev.tandem.trainer.recipe.Plateau;
import dev.tandem.trainer.recipe.Replay;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.TrainingRecipe;
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

/** Everything that can be set of the trainer; checked at start. Hyperparameters are described at {@link TrainingRecipe}. */
@ConfigMapping(prefix = "trainer")
public interface TrainerConfig {
    /** Checkpoint store: a directory, or s3://bucket/prefix. */
    @WithDefault("checkpoints")
    String store();

    /** Directory of local copies where the store is in S3; this process alone uses it. */
    @WithDefault("trainer-cache")
    Path storeCache();

    /** Server of a store in S3, such as http://minio:9000; without it AWS. */
    Optional<URI> storeEndpoint();

    /** Region of a store in S3; by default what the environment says, beside an endpoint us-east-1. */
    Optional<String> storeRegion();

    /** Whether the bucket's name goes into the path instead of the host name; by default if there is an endpoint. */
    Optional<Boolean> storePathStyle();

    /**
     * Directory with the models to begin from; read when the store holds no checkpoint. From a checkpoint of a training, the
     * stages that are over there are not made again.
     */
    @WithDefault("initial")
    Path init();

    /** Name of a run that begins, first part of its checkpoints' ids; without it made from the time. */
    Optional<String> run();

    /** Updates from one checkpoint to the next, 1 and more; each stage's end and a stop save one as well. */
    @WithDefault("500")
    int checkpointEverySteps();

    /** Longest time from one checkpoint to the next while something is learned, above 0: what a crash can cost. */
    @WithDefault("PT30M")
    Duration checkpointEvery();

    /** Newest checkpoints to keep, 1 and more; promoted ones are kept besides, and up to four times as many while undecided. */
    @WithDefault("5")
    int keep();

    /** Updates from one line in the log to the next, 1 and more. */
    @WithDefault("50")
    int logEverySteps();

    /** Updates skipped in a row, because their loss or gradient was no number, that lead back to the last checkpoint. */
    @WithDefault("5")
    int skipsInARow();

    /** Where both models are trained: auto (the first GPU if PyTorch sees one, else the CPU), cpu or cuda:N. */
    @WithDefault("auto")
    String device();

    /** What they compute with, their weights being float32: fp32, bf16, or auto, which is bf16 on a GPU and fp32 on a CPU. */
    @WithDefault("auto")
    Precision precision();

    /** Hyperparameters. */
    RecipeConfig recipe();

    /**
     * What a program sets, and the defaults for the rest.
     *
     * @param settings by their names, {@code trainer.recipe.joint.steps}
     * @throws IllegalArgumentException if a name is unknown or a value is none of its kind
     */
    static TrainerConfig of(Map<String, String> settings) {
        try {
            return new SmallRyeConfigBuilder()
                    .withMapping(TrainerConfig.class)
                    .withSources(new PropertiesConfigSource(settings, "program", 100))
                    .build()
                    .getConfigMapping(TrainerConfig.class);
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(e.getProblem(0).getMessage(), e);
        }
    }

    /** The checkpoint store, checked. */
    default StoreSettings asStore() {
        return new StoreSettings(store(), storeCache(), storeEndpoint(), storeRegion(), storePathStyle());
    }

    /** Settings of the loop, for a run that may begin at a time. */
    default TrainingSettings asSettings(long nowMillis) {
        String name = run().orElseGet(() -> Long.toString(nowMillis / 1000, Character.MAX_RADIX));
        return new TrainingSettings(
                init(),
                name,
                checkpointEverySteps(),
                checkpointEvery(),
                keep(),
                logEverySteps(),
                skipsInARow(),
                Compute.of(device(), precision()),
                0);
    }

    /** Hyperparameters, described at {@link TrainingRecipe}; the defaults are the papers', but for the distillation. */
    interface RecipeConfig {
        @WithDefault("1")
        long seed();

        RetrieverWarmUpConfig retrieverWarmUp();

        RerankerWarmUpConfig rerankerWarmUp();

        JointConfig joint();

        OptimizerConfig optimizer();

        ReplayConfig replay();

        PlateauConfig plateau();

        @WithDefault("32768")
        int tokensPerMicroBatch();

        /** All of them as one value. */
        default TrainingRecipe asRecipe() {
            return new TrainingRecipe(
                    seed(),
                    retrieverWarmUp().asRecipe(),
                    rerankerWarmUp().asRecipe(),
                    joint().asRecipe(),
                    optimizer().asRecipe(),
                    replay().asRecipe(),
                    plateau().asRecipe(),
                    tokensPerMicroBatch());
        }
    }

    /** See {@link RetrieverWarmUp}. */
    interface RetrieverWarmUpConfig {
        @WithDefault("10000")
        int steps();

        @WithDefault("512")
        int lists();

        @WithDefault("4")
        int hardNegatives();

        @WithDefault("3e-5")
        double rate();

        @WithDefault("1000")
        int warmUpSteps();

        @WithDefault("linear")
        Schedule.Decay decay();

        /** Update at which the rate has fallen to its floor; by default the stage's last. */
        Optional<Integer> decaySteps();

        @WithDefault("0")
        double floorShare();

        default RetrieverWarmUp asRecipe() {
            return new RetrieverWarmUp(
                    steps(),
                    lists(),
                    hardNegatives(),
                    rate(),
                    schedule(warmUpSteps(), decay(), decaySteps(), steps(), floorShare()));
        }
    }

    /** See {@link RerankerWarmUp}. */
    interface RerankerWarmUpConfig {
        @WithDefault("10000")
        int steps();

        @WithDefault("64")
        int lists();

        @WithDefault("5")
        int listLength();

        @WithDefault("1e-5")
        double rate();

        @WithDefault("0")
        int warmUpSteps();

        @WithDefault("constant")
        Schedule.Decay decay();

        /** Update at which the rate has fallen to its floor; by default the stage's last. */
        Optional<Integer> decaySteps();

        @WithDefault("0")
        double floorShare();

        @WithDefault("0")
        int easySteps();

        @WithDefault("0.8")
        double easyUntilLoss();

        @WithDefault("20")
        int easyWindow();

        @WithDefault("false")
        boolean trunkFromRetriever();

        @WithDefault("false")
        boolean mimeticFirstLayer();

        default RerankerWarmUp asRecipe() {
            return new RerankerWarmUp(
                    steps(),
                    lists(),
                    listLength(),
                    rate(),
                    schedule(warmUpSteps(), decay(), decaySteps(), steps(), floorShare()),
                    easySteps(),
                    easyUntilLoss(),
                    easyWindow(),
                    trunkFromRetriever(),
                    mimeticFirstLayer());
        }
    }

    /** See {@link Joint}. */
    interface JointConfig {
        @WithDefault("0")
        int steps();

        @WithDefault("96")
        int lists();

        @WithDefault("128")
        int listLength();

        @WithDefault("1e-5")
        double retrieverRate();

        @WithDefault("1e-5")
        double rerankerRate();

        @WithDefault("0")
        int warmUpSteps();

        @WithDefault("constant")
        Schedule.Decay decay();

        /** Update at which the rate has fallen to its floor; by default the stage's last. */
        Optional<Integer> decaySteps();

        @WithDefault("0")
        double floorShare();

        @WithDefault("paper")
        Distillation distillation();

        @WithDefault("true")
        boolean dynamic();

        @WithDefault("false")
        boolean pointwise();

        @WithDefault("1")
        double klWeight();

        @WithDefault("0")
        double inBatchWeight();

        default Joint asRecipe() {
            return new Joint(
                    steps(),
                    lists(),
                    listLength(),
                    retrieverRate(),
                    rerankerRate(),
                    schedule(warmUpSteps(), decay(), decaySteps(), steps(), floorShare()),
                    distillation(),
                    dynamic(),
                    pointwise(),
                    klWeight(),
                    inBatchWeight());
        }
    }

    /** See {@link Optimizer}. */
    interface OptimizerConfig {
        @WithDefault("0.9")
        double beta1();

        @WithDefault("0.999")
        double beta2();

        @WithDefault("1e-8")
        double epsilon();

        @WithDefault("0.01")
        double decay();

        @WithDefault("1.0")
        double clipNorm();

        default Optimizer asRecipe() {
            return new Optimizer(beta1(), beta2(), epsilon(), decay(), clipNorm());
        }
    }

    /** See {@link Replay}. */
    interface ReplayConfig {
        @WithDefault("0.5")
        double replayShare();

        @WithDefault("3")
        int usesPerChampion();

        @WithDefault("100000")
        int poolLists();

        @WithDefault("256")
        int intakeLists();

        @WithDefault("1")
        int minimumLists();

        default Replay asRecipe() {
            return new Replay(replayShare(), usesPerChampion(), poolLists(), intakeLists(), minimumLists());
        }
    }

    /** See {@link Plateau}. */
    interface PlateauConfig {
        @WithDefault("500")
        int window();

        @WithDefault("0.01")
        double leastFall();

        default Plateau asRecipe() {
            return new Plateau(window(), leastFall());
        }
    }

    private static Schedule schedule(
            int warmUpSteps, Schedule.Decay decay, Optional<Integer> decaySteps, int steps, double floorShare) {
        boolean endless = steps == 0 && decaySteps.isEmpty(); // nothing to decay towards
        if (endless || decay == Schedule.Decay.CONSTANT) {
            return new Schedule(warmUpSteps, Schedule.Decay.CONSTANT, 0, 1);
        }
        return new Schedule(warmUpSteps, decay, decaySteps.orElse(steps), floorShare);
    }
}
