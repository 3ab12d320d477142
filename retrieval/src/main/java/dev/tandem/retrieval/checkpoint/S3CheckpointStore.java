package dev.tandem.retrieval.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Objects of a bucket below a prefix, with local copies of the last opened.
 *
 * <p>The manifest goes up last, and where it is, the checkpoint is. While a checkpoint is written or deleted, an empty object
 * {@code .writing/ID} says that what lies below its id without a manifest may be discarded; nothing else is ever touched.
 */
final class S3CheckpointStore implements CheckpointStore {
    private static final String UNFINISHED = ".writing";

    private final S3Location location;
    private final S3Objects objects;
    private final CheckpointCache cache;

    S3CheckpointStore(S3Location location, S3Client client, Path cache) {
        this.location = location;
        this.objects = new S3Objects(client, location);
        this.cache = new CheckpointCache(cache);
    }

    static S3CheckpointStore at(S3Location location, StoreSettings settings) {
        try {
            return new S3CheckpointStore(location, client(settings).build(), settings.cache());
        } catch (SdkClientException e) {
            throw new IllegalArgumentException(
                    "The region of the checkpoint store %s is not known. Set store-region to it, or AWS_REGION. Looked in: %s"
                            .formatted(location, e.getMessage()),
                    e);
        }
    }

    /** Checksums only where S3 demands them: other servers do not know them all, and the manifest has better ones. */
    static S3ClientBuilder client(StoreSettings settings) {
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(settings.pathStyle().orElse(settings.endpoint().isPresent()));
        settings.endpoint().ifPresent(client::endpointOverride);
        settings.region()
                .or(() -> settings.endpoint().map(server -> Region.US_EAST_1.id()))
                .map(Region::of)
                .ifPresent(client::region);
        return client;
    }

    @Override
    public Writing begin(String id) throws IOException {
        return new S3Writing(cache.begin(id));
    }

    private final class S3Writing implements Writing {
        private final UnfinishedCheckpoint unfinished;
        private boolean hasTraces;

        S3Writing(UnfinishedCheckpoint unfinished) {
            this.unfinished = unfinished;
        }

        @Override
        public Path directory() {
            return unfinished.directory();
        }

        @Override
        public Checkpoint commit(CheckpointManifest.Header header) throws IOException {
            CheckpointManifest manifest = unfinished.seal(header);
            Optional<Checkpoint> before = before();
            if (before.isPresent()) {
                return before.get();
            }
            hasTraces = true;
            upload(directory(), manifest);
            Checkpoint committed = cache.keep(unfinished);
            hasTraces = false;
            return committed;
        }

        private Optional<Checkpoint> before() throws IOException {
            try {
                return find(unfinished.id());
            } catch (CheckpointCorruptedException e) {
                throw new IOException(
                        "Checkpoint %s is in the store %s already, and damaged. Delete it there, or save one with another id."
                                .formatted(unfinished.id(), location),
                        e);
            }
        }

        @Override
        public void close() throws IOException {
            try (unfinished) {
                if (hasTraces) {
                    remove(unfinished.id());
                }
            }
        }
    }

    private void upload(Path directory, CheckpointManifest manifest) throws IOException {
        String id = manifest.header().id();
        objects.write(marker(id), new byte[0]);
        for (String name : manifest.files().keySet()) {
            objects.upload(location.key(id, name), directory.resolve(name));
        }
        objects.write(location.key(id, CheckpointManifest.FILE), manifest.toJson());
        objects.delete(marker(id));
    }

    private String marker(String id) {
        return location.key(UNFINISHED, id);
    }

    @Override
    public URI uri(String id) {
        CheckpointManifest.requireId(id);
        return location.uri(id);
    }

    @Override
    public Checkpoint open(URI uri, String digest) throws IOException {
        String id = location.idAt(uri);
        Optional<Checkpoint> copy = cache.open(id, digest);
        return copy.isPresent() ? copy.get() : fetch(id, digest);
    }

    private Checkpoint fetch(String id, String digest) throws IOException {
        byte[] json = readManifest(id).orElseThrow(() -> CheckpointCorruptedException.missing(id, location));
        CheckpointFiles.requireDigest(id, json, digest);
        CheckpointManifest manifest = CheckpointManifest.parse(id, json);
        try (UnfinishedCheckpoint copy = cache.begin(id)) {
            for (var file : manifest.files().entrySet()) {
                Path target = copy.directory().resolve(file.getKey());
                Files.createDirectories(target.getParent());
                objects.download(
                        location.key(id, file.getKey()), target, file.getValue().bytes());
            }
            Files.write(copy.directory().resolve(CheckpointManifest.FILE), json);
            CheckpointFiles.verify(copy.directory(), manifest);
            return cache.keep(copy);
        }
    }

    /** Empty where there is no checkpoint of this id. */
    Optional<byte[]> readManifest(String id) throws IOException {
        return objects.read(location.key(id, CheckpointManifest.FILE), CheckpointManifest.MAX_BYTES);
    }

    @Override
    public Optional<Checkpoint> find(String id) throws IOException {
        Optional<byte[]> manifest = readManifest(id);
        return manifest.isPresent() ? Optional.of(open(uri(id), Digests.sha256(manifest.get()))) : Optional.empty();
    }

    @Override
    public Optional<String> card(String id) throws IOException {
        CheckpointManifest.requireId(id);
        return objects.read(location.key(id, CheckpointFiles.CARD), CheckpointFiles.MAX_CARD_BYTES)
                .map(bytes -> new String(bytes, UTF_8));
    }

    @Override
    public void describe(String id, String card) throws IOException {
        CheckpointManifest.requireId(id);
        if (readManifest(id).isEmpty()) {
            throw CheckpointCorruptedException.missing(id, location);
        }
        objects.write(location.key(id, CheckpointFiles.CARD), card.getBytes(UTF_8));
    }

    @Override
    public OfferedEmbeddings embeddings() {
        return new S3Embeddings(this, location, objects, cache);
    }

    @Override
    public List<CheckpointManifest> list() throws IOException {
        List<CheckpointManifest> found = new ArrayList<>();
        for (String id : objects.folders(location.prefix())) {
            if (CheckpointManifest.isId(id)) {
                readable(id).ifPresent(found::add);
            }
        }
        found.sort(CheckpointManifest.OLDEST_FIRST);
        return found;
    }

    private Optional<CheckpointManifest> readable(String id) throws IOException {
        try {
            return readManifest(id).map(json -> CheckpointManifest.parse(id, json));
        } catch (CheckpointCorruptedException e) {
            return Optional.empty(); // opening it by its event says what is wrong
        }
    }

    @Override
    public void delete(String id) throws IOException {
        CheckpointManifest.requireId(id);
        if (readManifest(id).isPresent()) {
            objects.write(marker(id), new byte[0]);
            remove(id);
        }
        cache.delete(id);
    }

    /** The manifest first: half of a checkpoint is none. */
    private void remove(String id) throws IOException {
        objects.delete(location.key(id, CheckpointManifest.FILE));
        objects.abortUploads(location.key(id, ""));
        for (String key : objects.keys(location.key(id, ""))) {
            objects.delete(key);
        }
        objects.delete(marker(id));
    }

    @Override
    public void discardUnfinished() throws IOException {
        String markers = location.key(UNFINISHED, "");
        for (String marker : objects.keys(markers)) {
            String id = marker.substring(markers.length());
            if (CheckpointManifest.isId(id) && readManifest(id).isEmpty()) {
                remove(id);
            } else {
                objects.delete(marker);
            }
        }
    }
}
