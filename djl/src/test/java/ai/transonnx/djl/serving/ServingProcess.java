package ai.transonnx.djl.serving;

import ai.djl.Device;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A program with DJL alone, which loads a model's directory and sends requests as DJL Serving does.
 * Its arguments are the directory and the bodies of the requests.
 */
final class ServingProcess {
  private ServingProcess() {}

  public static void main(String... args) throws Exception {
    var directory = Path.of(args[0]);
    var options = new ConcurrentHashMap<String, String>();
    var arguments = new ConcurrentHashMap<String, Object>();
    var properties = new Properties();
    try (var stream = Files.newInputStream(directory.resolve("serving.properties"))) {
      properties.load(stream);
    }
    for (var name : properties.stringPropertyNames()) {
      if (name.startsWith("option.")) {
        options.put(name.substring("option.".length()), properties.getProperty(name));
      } else {
        arguments.put(name, properties.getProperty(name));
      }
    }
    var criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelUrls(directory.toUri().toString())
            .optEngine(properties.getProperty("engine"))
            .optArguments(arguments)
            .optOptions(options)
            .optDevice(Device.cpu())
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      System.out.println(model.getNDManager().getEngine().getVersion());
      for (int i = 1; i < args.length; i++) {
        var input = new Input();
        input.addProperty("Content-Type", "application/json");
        input.add("data", args[i].getBytes(StandardCharsets.UTF_8));
        var output = predictor.batchPredict(List.of(input)).get(0);
        System.out.println(output.getCode() + " " + output.getData().getAsString());
      }
    }
  }
}
