package dev.tandem.retrieval.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointManifestTest {
    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../b", "a//b", "./a", "", "a\\b"})
    void refusesAPathThatPointsOutside(String path) {
        String json = "{\"id\":\"x\",\"step\":1,\"stage\":\"JOINT\",\"files\":{\"%s\":{\"sha256\":\"%s\",\"bytes\":1}}}"
                .formatted(path.replace("\\", "\\\\"), "0".repeat(64));

        assertThrows(CheckpointCorruptedException.class, () -> CheckpointManifest.parse("x", json.getBytes(UTF_8)));
    }
}
