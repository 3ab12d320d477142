package dev.tandem.retrieval.encoder;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What stands between two linear maps, by config.json's name and by its number in bert.torchscript. */
enum Activation {
    GELU("gelu", 0),
    GELU_NEW("gelu_new", 1),
    GELU_PYTORCH_TANH("gelu_pytorch_tanh", 1),
    RELU("relu", 2),
    TANH("tanh", 3);

    private final String configName;
    private final int number;

    Activation(String configName, int number) {
        this.configName = configName;
        this.number = number;
    }

    static Activation of(String key, String configName) {
        return Arrays.stream(values())
                .filter(activation -> activation.configName.equals(configName))
                .findFirst()
                .orElseThrow(() -> new InvalidModelException("%s %s is not supported; supported: %s"
                        .formatted(
                                key,
                                JsonFiles.printable(configName),
                                Arrays.stream(values())
                                        .map(Activation::configName)
                                        .collect(Collectors.joining(", ")))));
    }

    String configName() {
        return configName;
    }

    int number() {
        return number;
    }
}
