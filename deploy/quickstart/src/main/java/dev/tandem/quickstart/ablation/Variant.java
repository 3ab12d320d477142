package dev.tandem.quickstart.ablation;

import dev.tandem.retrieval.CandidateList.Kind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is trained from the warm start, and how it differs from the recipe; in the order of the table. */
public enum Variant {
    /** The warm start itself. */
    WARM("warm start, no further step"),
    /** As the recipe has it. */
    FULL("dynamic listwise distillation", "dynamic=true pointwise=false"),
    /** The re-ranker teaches and no longer learns. */
    STATIC("static re-ranker", "dynamic=false pointwise=false distillation=released-code"),
    /** Each passage is judged by itself. */
    POINTWISE("pointwise losses", "dynamic=true pointwise=true"),
    /** Negatives as retrieved, positives as labelled. */
    UNDENOISED("no denoised lists", "dynamic=true pointwise=false"),
    /** Short lists. */
    LENGTH_8("lists of 8", "dynamic=true pointwise=false list-length=8"),
    /** Long lists. */
    LENGTH_32("lists of 32", "dynamic=true pointwise=false list-length=32"),
    /** The divergence as the paper prints it. */
    PAPER("distillation as printed", "dynamic=true pointwise=false distillation=paper"),
    /** The divergence as the published code has it. */
    RELEASED_CODE("distillation as released", "dynamic=true pointwise=false distillation=released-code"),
    /** Both models learn from what both together say. */
    ENSEMBLE("distillation of both models together", "dynamic=true pointwise=false distillation=ensemble"),
    /** No distillation: the retriever by in-batch and hard negatives, the re-ranker by cross entropy, each alone. */
    SEPARATE("separate training", "dynamic=true pointwise=false kl-weight=0 in-batch-weight=1");

    private final String description;
    private final String jointSettings;

    Variant(String description) {
        this(description, "");
    }

    Variant(String description, String jointSettings) {
        this.description = description;
        this.jointSettings = jointSettings;
    }

    /** How it is named by users. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String description() {
        return description;
    }

    /** Settings of {@code trainer.recipe.joint}, in place of the recipe's. */
    Map<String, String> jointSettings() {
        Map<String, String> settings = new TreeMap<>();
        for (String setting : jointSettings.isEmpty() ? new String[0] : jointSettings.split(" ", -1)) {
            String[] pair = setting.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        return settings;
    }

    /** What it learns from: without distillation there is nothing to learn from a list without a label. */
    Set<Kind> lists() {
        return switch (this) {
            case UNDENOISED -> EnumSet.of(Kind.UNDENOISED, Kind.UNLABELLED);
            case SEPARATE -> EnumSet.of(Kind.UNDENOISED, Kind.DENOISED);
            default -> EnumSet.allOf(Kind.class);
        };
    }

    @Override
    public String toString() {
        return label();
    }
}
