package ai.transonnx.runtime.internal.worker;

import java.util.List;

/** The classes that a worker's JVM needs from this project. Threads may use this class at once. */
public final class WorkerClasses {
  private WorkerClasses() {}

  /** The classes of this package that a worker uses. */
  public static List<Class<?>> all() {
    return List.of(
        DjlWorker.class,
        DjlWorker.Predictor.class,
        Json.class,
        JsonParser.class,
        LibraryClass.class,
        OrtWorker.class,
        OrtWorker.Session.class,
        Worker.class,
        WorkerRuntime.class,
        WorkerRuntime.Loaded.class,
        WorkerTensor.class,
        WorkerTensors.class);
  }
}
