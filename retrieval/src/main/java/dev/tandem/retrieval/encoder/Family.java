package dev.tandem.retrieval.encoder;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds of encoder that are read and written: BERT's arithmetic with other constants, under other names. */
enum Family {
    BERT("bert", "Bert", "bert.", "bert.pooler.dense", "classifier"),
    ROBERTA("roberta", "Roberta", "roberta.", "classifier.dense", "classifier.out_proj"),
    XLM_ROBERTA("xlm-roberta", "XLMRoberta", "roberta.", "classifier.dense", "classifier.out_proj"),
    DISTILBERT("distilbert", "DistilBert", "distilbert.", "pre_classifier", "classifier"),
    ERNIE("ernie", "Ernie", "ernie.", "ernie.pooler.dense", "classifier");

    /** Keys of config.json and parts of weights' names, from BERT's to DistilBERT's. */
    private static final Map<String, String> DISTILBERT_NAMES = Map.ofEntries(
            entry("hidden_size", "dim"),
            entry("num_hidden_layers", "n_layers"),
            entry("num_attention_heads", "n_heads"),
            entry("intermediate_size", "hidden_dim"),
            entry("hidden_act", "activation"),
            entry("hidden_dropout_prob", "dropout"),
            entry("attention_probs_dropout_prob", "attention_dropout"),
            entry("classifier_dropout", "seq_classif_dropout"),
            entry("encoder.layer", "transformer.layer"),
            entry("attention.self.query", "attention.q_lin"),
            entry("attention.self.key", "attention.k_lin"),
            entry("attention.self.value", "attention.v_lin"),
            entry("attention.output.dense", "attention.out_lin"),
            entry("attention.output.LayerNorm", "sa_layer_norm"),
            entry("intermediate.dense", "ffn.lin1"),
            entry("output.dense", "ffn.lin2"),
            entry("output.LayerNorm", "output_layer_norm"));

    private final String modelType;
    private final String classPrefix;
    private final String trunk;
    private final String headDense;
    private final String headOutput;

    Family(String modelType, String classPrefix, String trunk, String headDense, String headOutput) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
        this.trunk = trunk;
        this.headDense = headDense;
        this.headOutput = headOutput;
    }

    /** By config.json's {@code model_type}. */
    static Family of(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst()
                .orElseThrow(() -> new InvalidModelException("model_type %s is not supported; supported: %s"
                        .formatted(
                                JsonFiles.printable(modelType),
                                Arrays.stream(values()).map(Family::modelType).collect(Collectors.joining(", ")))));
    }

    String modelType() {
        return modelType;
    }

    /** The class of transformers that opens it. */
    String architecture(boolean scoring) {
        return classPrefix + (scoring ? "ForSequenceClassification" : "Model");
    }

    /** What the trunk's weights are prefixed with in a classifier. */
    String trunk() {
        return trunk;
    }

    /** The name of the classifier's hidden layer (H,H). */
    String headDense() {
        return headDense;
    }

    /** The name of the classifier's last layer (1,H). */
    String headOutput() {
        return headOutput;
    }

    /** This family's word for a key of config.json or a part of a weight's name, given BERT's. */
    String name(String ofBert) {
        return this == DISTILBERT ? DISTILBERT_NAMES.getOrDefault(ofBert, ofBert) : ofBert;
    }

    /** Whether the two parts of a pair are told apart by an embedding. */
    boolean hasTokenTypes() {
        return this != DISTILBERT;
    }

    /** What stands between the classifier's two layers. */
    Activation headActivation() {
        return this == DISTILBERT ? Activation.RELU : Activation.TANH;
    }

    /** Whether the classifier drops from its input as well, before its first layer. */
    boolean dropsHeadInput() {
        return countsFromPadding();
    }

    /** Whether attention's output is dropped from before it is added. */
    boolean dropsAttended() {
        return this != DISTILBERT;
    }

    int defaultPadding() {
        return countsFromPadding() ? 1 : 0;
    }

    /** The first token's row of the position embeddings; RoBERTa's rows up to the padding's id stay unused. */
    int firstPosition(int padding) {
        return countsFromPadding() ? padding + 1 : 0;
    }

    private boolean countsFromPadding() {
        return this == ROBERTA || this == XLM_ROBERTA;
    }
}
