package dev.tandem.retrieval.checkpoint;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in S3 a checkpoint store is.
 *
 * @param prefix what the keys of all its objects begin with: empty, or ending in a slash
 */
record S3Location(String bucket, String prefix) {
    private static final String SCHEME = "s3://";
    private static final Pattern BUCKET_AND_PREFIX =
            Pattern.compile("([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?");
    private static final Pattern OTHER_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    /**
     * The place that a setting names; empty if it is a directory.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Optional<S3Location> of(String setting) {
        var named = BUCKET_AND_PREFIX.matcher(setting.startsWith(SCHEME) ? setting.substring(SCHEME.length()) : "");
        if (named.matches()) {
            String prefix = named.group(2).isEmpty() ? "" : named.group(2).substring(1) + "/";
            return Optional.of(new S3Location(named.group(1), prefix));
        }
        if (setting.isBlank() || OTHER_SCHEME.matcher(setting).matches()) {
            throw new IllegalArgumentException(
                    "Expected the store to be a directory or s3://bucket/prefix, of letters, digits, dots, dashes and"
                            + " underscores, got \"%s\"".formatted(setting));
        }
        return Optional.empty();
    }

    /** Key of a checkpoint's file; of what all its keys begin with where the path is empty. */
    String key(String id, String path) {
        return prefix + id + "/" + path;
    }

    URI uri(String id) {
        return URI.create(SCHEME + bucket + "/" + prefix + id);
    }

    /**
     * The id of the checkpoint at a URI.
     *
     * @throws CheckpointCorruptedException if it is not directly in this place
     */
    String idAt(URI uri) {
        String id = uri.toString().substring(uri.toString().lastIndexOf('/') + 1);
        if (!CheckpointManifest.isId(id) || !uri.equals(uri(id))) {
            throw new CheckpointCorruptedException(
                    "Expected the URI of a checkpoint directly in %s, got %s".formatted(this, uri));
        }
        return id;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + prefix;
    }
}
