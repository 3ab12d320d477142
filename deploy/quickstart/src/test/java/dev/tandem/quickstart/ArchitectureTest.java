package dev.tandem.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** The rules of the house, over the classes of all modules. */
@AnalyzeClasses(locations = ArchitectureTest.AllModules.class)
class ArchitectureTest {
    private static final Path REPOSITORY =
            Path.of("").toAbsolutePath().getParent().getParent();
    private static final List<String> MODULES = List.of(
            "schemas", "retrieval", "miner-service", "trainer-service", "evaluator-service", "deploy/quickstart");
    private static final String[] SERVICES = {"dev.tandem.miner..", "dev.tandem.trainer..", "dev.tandem.evaluator.."};
    private static final String[] PURE = {
        "dev.tandem.trainer.loss..",
        "dev.tandem.trainer.recipe..",
        "dev.tandem.evaluator.metric..",
        "dev.tandem.evaluator.promotion..",
        "dev.tandem.miner.denoising..",
        "dev.tandem.miner.label.."
    };

    /** Where the build has left the classes of every module. */
    static final class AllModules implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            return MODULES.stream()
                    .map(module -> Location.of(REPOSITORY.resolve(module).resolve("target/classes")))
                    .collect(Collectors.toSet());
        }
    }

    @ArchTest
    static void everyModuleIsLookedAt(JavaClasses all) {
        Set<String> packages = new TreeSet<>();
        all.forEach(type -> packages.add(type.getPackageName().split("\\.", -1)[2]));
        Set<String> expected = MODULES.stream()
                .filter(module -> Files.exists(REPOSITORY.resolve(module).resolve("src/main")))
                .map(module -> module.equals("schemas") ? "events" : module.replaceAll("deploy/|-service", ""))
                .collect(Collectors.toSet());

        assertEquals(expected, packages);
    }

    @ArchTest
    static final ArchRule servicesMeetOnlyOnTopics =
            slices().matching("dev.tandem.(miner|trainer|evaluator)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule eventsNeedOnlyAvroKafkaAndTheirRegistry =
            onlyKnows("dev.tandem.events", "dev.tandem.events.registry", "org.apache.avro..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule theRegistryNeedsOnlySchemasAndJson =
            onlyKnows("dev.tandem.events.registry", "org.apache.avro", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule onlyEventsSpeakToTheRegistry = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tandem.events..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("dev\\.tandem\\.events\\.registry\\.SchemaRegistry");

    @ArchTest
    static final ArchRule retrievalKnowsNeitherKafkaNorQuarkus = noClasses()
            .that()
            .resideInAPackage("dev.tandem.retrieval..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES)
                    .or(resideInAnyPackage(
                            "dev.tandem.events..",
                            "dev.tandem.quickstart..",
                            "org.apache.kafka..",
                            "org.apache.avro..",
                            "io.quarkus..",
                            "jakarta..")));

    @ArchTest
    static final ArchRule recordsOfRetrievalNeedNothing = onlyKnows("dev.tandem.retrieval");

    @ArchTest
    static final ArchRule tokensNeedOnlyTheTokenizer =
            onlyKnows("dev.tandem.retrieval.token", "dev.tandem.retrieval", "ai.djl..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule linesNeedOnlyJsonAndCompression = onlyKnows(
            "dev.tandem.retrieval.line", "dev.tandem.retrieval", "com.fasterxml.jackson..", "com.github.luben.zstd..");

    @ArchTest
    static final ArchRule theIndexNeedsOnlyLuceneAndTensors =
            onlyKnows("dev.tandem.retrieval.index", "dev.tandem.retrieval", "ai.djl..", "org.apache.lucene..");

    @ArchTest
    static final ArchRule checkpointsAreFilesOrObjects = onlyKnows(
            "dev.tandem.retrieval.checkpoint",
            "dev.tandem.retrieval",
            "com.fasterxml.jackson..",
            "software.amazon.awssdk..");

    @ArchTest
    static final ArchRule onlyTheStoreKnowsS3 = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tandem.retrieval.checkpoint")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule lossesNeedOnlyTensors = onlyKnows("dev.tandem.trainer.loss", "ai.djl.ndarray..");

    @ArchTest
    static final ArchRule recipesNeedNothing = onlyKnows("dev.tandem.trainer.recipe");

    @ArchTest
    static final ArchRule metricsNeedOnlyRecords = onlyKnows("dev.tandem.evaluator.metric", "dev.tandem.retrieval");

    @ArchTest
    static final ArchRule promotionNeedsOnlyMetrics =
            onlyKnows("dev.tandem.evaluator.promotion", "dev.tandem.evaluator.metric", "dev.tandem.retrieval");

    @ArchTest
    static final ArchRule theMathIsPure = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.apache.kafka..",
                            "org.apache.avro..",
                            "io.quarkus..",
                            "jakarta..",
                            "java.io..",
                            "java.nio.file..",
                            "java.net..")
                    .and(not(belongToAnyOf(Serializable.class)))) // every enum is
            .orShould()
            .dependOnClassesThat(belongToAnyOf(Clock.class, Thread.class, ThreadLocalRandom.class))
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule quarkusAppearsOnlyAtTheEdge = noClasses()
            .that(not(named("Application", "Config", "Resource")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.quarkus..",
                    "jakarta.enterprise..",
                    "jakarta.inject..",
                    "jakarta.ws.rs..",
                    "io.smallrye.config.."));

    @ArchTest
    static final ArchRule eventsStopAtTheRootPackageOfAService = noClasses()
            .that()
            .resideInAnyPackage("dev.tandem.miner.*..", "dev.tandem.trainer.*..", "dev.tandem.evaluator.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tandem.events..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.tandem.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule fieldsAreNeverInjected = noFields()
            .should()
            .beAnnotatedWith("jakarta.inject.Inject")
            .orShould()
            .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty");

    @ArchTest
    static final ArchRule exceptionsHaveAType = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Processor|Handler|Impl)(\\$.*)?")
            .orShould()
            .haveNameMatching(".*\\.(Abstract|Base)[A-Z][^.]*");

    @ArchTest
    static void everyPackageSaysWhatLivesThere(JavaClasses all) {
        Set<String> silent = new TreeSet<>();
        all.forEach(type -> {
            String file = type.getPackageName().replace('.', '/') + "/package-info.java";
            boolean generated = type.getPackageName().endsWith(".state"); // by Avro, of the miner's own stores
            if (!generated
                    && MODULES.stream()
                            .noneMatch(module -> Files.exists(REPOSITORY
                                    .resolve(module)
                                    .resolve("src/main/java")
                                    .resolve(file)))) {
                silent.add(type.getPackageName());
            }
        });

        assertEquals(Set.of(), silent);
    }

    /** A package and what it may know beside itself and the JDK. */
    private static ArchRule onlyKnows(String packageName, String... others) {
        String[] allowed = new String[others.length + 3];
        System.arraycopy(others, 0, allowed, 3, others.length);
        allowed[0] = packageName;
        allowed[1] = "java..";
        allowed[2] = "org.slf4j..";
        return classes()
                .that()
                .resideInAPackage(packageName)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> named(String... endings) {
        return describe("are named *" + String.join(" or *", endings), type -> {
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            String name = outermost.getSimpleName();
            return List.of(endings).stream().anyMatch(name::endsWith);
        });
    }
}
