package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "s3://bucket, s3://bucket/id",
        "s3://bucket/, s3://bucket/id",
        "s3://bucket/a/b_c, s3://bucket/a/b_c/id",
        "s3://my.bucket-1/a/, s3://my.bucket-1/a/id"
    })
    void namesAPlaceInS3(String location, String checkpoint) {
        assertEquals(
                URI.create(checkpoint),
                settings(location, null).inS3().orElseThrow().uri("id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoints", "/data/checkpoints", "./a", "s3/bucket"})
    void namesADirectory(String location) {
        assertTrue(settings(location, null).inS3().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3://",
                "s3:bucket",
                "s3://Bucket/a",
                "s3://bucket/../a",
                "s3://bucket//a",
                "s3://bucket/a b",
                "S3://bucket",
                "gs://bucket/a",
                "file:///data/checkpoints"
            })
    void saysWhatALocationLooksLike(String location) {
        String message = assertThrows(IllegalArgumentException.class, () -> settings(location, null))
                .getMessage();

        assertTrue(message.startsWith("Expected the store to be a directory or s3://bucket/prefix"), message);
        assertTrue(message.endsWith("got \"" + location + "\""), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minio:9000", "ftp://minio", "http:9000", "https:///bucket"})
    void saysWhatAnEndpointLooksLike(String endpoint) {
        String message = assertThrows(IllegalArgumentException.class, () -> settings("s3://bucket", endpoint))
                .getMessage();

        assertTrue(message.startsWith("Expected store-endpoint to be the address of a server"), message);
    }

    @Test
    void saysThatADirectoryHasNoEndpoint() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> settings("checkpoints", "http://minio:9000"))
                .getMessage();

        assertTrue(message.contains("the store is the directory checkpoints"), message);
    }

    private static StoreSettings settings(String location, String endpoint) {
        return new StoreSettings(
                location,
                Path.of("cache"),
                Optional.ofNullable(endpoint).map(URI::create),
                Optional.empty(),
                Optional.empty());
    }
}
