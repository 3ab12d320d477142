package dev.tandem.retrieval.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import java.util.regex.Pattern;

/**
 * Where encoders compute, and how exactly.
 *
 * @param device {@code auto} (the first GPU if PyTorch sees one, else the CPU), {@code cpu} or {@code cuda:N}
 */
public record Compute(String device, Precision precision) {
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda:\\d{1,3}");
    private static final String GPU_PREFIX = "cuda:";
    private static final int TORCH_FLOAT32 = 6;
    private static final int TORCH_BFLOAT16 = 15;

    /** Float32 on the device that {@code auto} finds. */
    public static final Compute FLOAT32 = new Compute("auto", Precision.FP32);

    public Compute {
        requireNonNull(precision, "precision is null");
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException(
                    "Expected auto, cpu or cuda:N (cuda:0 is the first GPU) as a device, found \"%s\""
                            .formatted(device));
        }
    }

    /** As configured; a GPU that is asked for must be there. */
    public static Compute of(String device, Precision precision) {
        Compute compute = new Compute(device, precision);
        if (device.startsWith(GPU_PREFIX)) {
            compute.torchDevice();
        }
        return compute;
    }

    /** A manager for arrays on the device: of a training's steps, for example. */
    public NDManager newManager() {
        return NDManager.newBaseManager(torchDevice());
    }

    /** PyTorch's number of the type in which linear maps and attention compute. */
    int torchType() {
        boolean half = precision == Precision.AUTO ? torchDevice().isGpu() : precision == Precision.BF16;
        return half ? TORCH_BFLOAT16 : TORCH_FLOAT32;
    }

    /**
     * Name of the vector space in which a checkpoint's encoders embed: two processes may share embeddings where it is the same.
     * The type they compute in is part of it, the device is not: the same sums are off by the last bits.
     *
     * @param checkpointDigest SHA-256 of its manifest, which vouches for weights, lengths and pooling
     */
    public String space(String checkpointDigest) {
        return checkpointDigest + (torchType() == TORCH_BFLOAT16 ? " bfloat16" : " float32");
    }

    private Device torchDevice() {
        if (device.equals("cpu")) {
            return Device.cpu();
        }
        Engine engine = Engine.getInstance();
        int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
        if (device.equals("auto")) {
            return gpus > 0 ? Device.gpu(0) : Device.cpu();
        }
        int wanted = Integer.parseInt(device.substring(GPU_PREFIX.length()));
        if (wanted >= gpus) {
            throw new IllegalArgumentException(
                    "Expected a device that PyTorch sees, found %s. Choose one of: auto, cpu%s"
                            .formatted(device, gpus(gpus)));
        }
        return Device.gpu(wanted);
    }

    private static String gpus(int count) {
        return count == 0
                ? " (no GPU is visible to PyTorch: is its CUDA build on PYTORCH_LIBRARY_PATH, and a driver installed?)"
                : ", cuda:0" + (count > 1 ? " to cuda:" + (count - 1) : "");
    }
}
