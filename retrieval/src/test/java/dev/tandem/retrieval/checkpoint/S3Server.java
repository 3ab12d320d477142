package dev.tandem.retrieval.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server of S3's protocol in this process, with one bucket in memory. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "checkpoints";
    static final String STORE = "s3://checkpoints/tandem";
    static final String PREFIX = "tandem/";

    private final BlobStoreContext objects;
    private final S3Proxy server;

    private S3Server(BlobStoreContext objects, S3Proxy server) {
        this.objects = objects;
        this.server = server;
    }

    static S3Server start() throws Exception {
        System.setProperty("aws.accessKeyId", "tandem");
        System.setProperty("aws.secretAccessKey", "secret");
        BlobStoreContext objects =
                ContextBuilder.newBuilder(new TransientApiMetadata()).build(BlobStoreContext.class);
        objects.getBlobStore().createContainerInLocation(null, BUCKET);
        S3Proxy server = S3Proxy.builder()
                .blobStore(objects.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "tandem", "secret")
                .build();
        server.start();
        return new S3Server(objects, server);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    StoreSettings settings(Path cache) {
        return new StoreSettings(STORE, cache, Optional.of(endpoint()), Optional.empty(), Optional.empty());
    }

    S3ClientBuilder client() {
        return S3CheckpointStore.client(settings(Path.of("unused")));
    }

    List<String> keys() {
        try (S3Client client = client().build()) {
            return client.listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
                    .map(S3Object::key)
                    .toList();
        }
    }

    void put(String key, String text) {
        try (S3Client client = client().build()) {
            client.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(text.getBytes(UTF_8)));
        }
    }

    void delete(String key) {
        try (S3Client client = client().build()) {
            client.deleteObject(delete -> delete.bucket(BUCKET).key(key));
        }
    }

    /** May be called twice. */
    @Override
    public void close() throws Exception {
        server.stop();
        objects.close();
    }
}
