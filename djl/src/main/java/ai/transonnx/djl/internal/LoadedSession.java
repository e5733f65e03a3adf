package ai.transonnx.djl.internal;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.OrtSession;
import ai.transonnx.TransonnxException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.device.CudaOptions;
import ai.transonnx.runtime.internal.SessionSource;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the session of a model that DJL has loaded, so that its weights are in memory once.
 * DJL's block has no public access to it; where the private one is not possible, the file is loaded
 * a second time.
 */
public final class LoadedSession implements SessionSource {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedSession.class);
  private static final String FIELD = "session";
  private static final Map<Path, OrtSession> OFFERED = new ConcurrentHashMap<>();

  @Override
  public Optional<OrtSession> take(Path file) {
    return Optional.ofNullable(OFFERED.remove(file));
  }

  /**
   * The model of the runtime for a model that DJL has loaded on its ONNX Runtime engine. DJL cannot
   * run its model from then on.
   *
   * @param file the model's file
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#load(Path)}
   */
  public static synchronized OnnxModel open(Model loaded, Path file) {
    var options = options(loaded.getNDManager().getDevice());
    try {
      var block = loaded.getBlock();
      var field = OrtSymbolBlock.class.getDeclaredField(FIELD);
      field.setAccessible(true);
      if (field.get(block) instanceof OrtSession session) {
        return open(file, options, field, block, session);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (e instanceof TransonnxException known) {
        throw known;
      }
      LOG.debug("{}", file, e);
    }
    LOG.warn("{}: DJL's session is inaccessible, so the model is loaded a second time", file);
    return OnnxModel.load(file, options);
  }

  private static OnnxModel open(
      Path file, ModelOptions options, Field field, Object block, OrtSession session)
      throws IllegalAccessException {
    field.set(block, null);
    OFFERED.put(file, session);
    try {
      return OnnxModel.load(file, options);
    } finally {
      var left = OFFERED.remove(file);
      if (left != null) {
        field.set(block, left); // DJL closes it.
      }
    }
  }

  private static ModelOptions options(Device device) {
    var options = ModelOptions.builder();
    if (device.isGpu()) {
      options.device(
          new ai.transonnx.runtime.device.Device.Cuda(
              device.getDeviceId(), CudaOptions.defaults()));
    }
    return options.build();
  }
}
