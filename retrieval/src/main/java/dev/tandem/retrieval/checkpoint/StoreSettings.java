package dev.tandem.retrieval.checkpoint;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which checkpoint store a service uses. All but the location are for a store in S3; credentials come from the environment,
 * files or instance role where the AWS SDK looks for them.
 *
 * @param location a directory, or {@code s3://bucket/prefix}
 * @param cache directory of local copies, which no other process uses
 * @param endpoint of a server other than AWS, such as {@code http://minio:9000}
 * @param region of the bucket; by default what the environment says, beside an endpoint us-east-1
 * @param pathStyle whether the bucket's name goes into the path, not the host name; by default if there is an endpoint
 */
public record StoreSettings(
        String location, Path cache, Optional<URI> endpoint, Optional<String> region, Optional<Boolean> pathStyle) {
    /**
     * Settings that name a store.
     *
     * @throws IllegalArgumentException if they do not; the message says what to set
     */
    public StoreSettings {
        requireNonNull(location, "location is null");
        requireNonNull(cache, "cache is null");
        boolean isInS3 = S3Location.of(location).isPresent();
        if (!isInS3 && (endpoint.isPresent() || region.isPresent() || pathStyle.isPresent())) {
            throw new IllegalArgumentException(
                    "store-endpoint, store-region and store-path-style are for a store in S3, and the store is the directory"
                            + " %s. Set store to s3://bucket/prefix, or remove them.".formatted(location));
        }
        endpoint.ifPresent(StoreSettings::requireServer);
    }

    private static void requireServer(URI endpoint) {
        boolean isHttp = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (!isHttp || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "Expected store-endpoint to be the address of a server, such as http://minio:9000, got \"%s\""
                            .formatted(endpoint));
        }
    }

    /** Where in S3 it is; empty for a directory. */
    Optional<S3Location> inS3() {
        return S3Location.of(location);
    }
}
