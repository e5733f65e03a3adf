package ai.transonnx.xtransformers;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;

/** The kernels of PyTorch's fused attention, all of which compute the same. Immutable. */
@Configuration
public record FusedKernelKeywords(
    @Option(value = "FlashAttention", defaultValue = "false") boolean enableFlash,
    @Option(value = "memory-efficient attention", defaultValue = "false")
        boolean enableMemEfficient,
    @Option(value = "separate operators", defaultValue = "false") boolean enableMath,
    @Option(value = "cuDNN", defaultValue = "false") boolean enableCudnn) {}
