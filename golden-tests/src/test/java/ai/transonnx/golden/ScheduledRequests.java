package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.util.ArrayList;

/** Requests that a scheduler serves together have the tokens that a generator selects for each. */
record ScheduledRequests(OnnxModel model, CaseLoops loops) {
  private static final int NEW_TOKENS = 6;

  void assertEqualSingleRequests() {
    var requests = new ArrayList<GenerationRequest>();
    long[] beginning = loops.tokens(5);
    for (int length = 1; length < 8; length++) {
      long[] prompt = loops.tokens(length);
      System.arraycopy(beginning, 0, prompt, 0, Math.min(length - 1, beginning.length));
      requests.add(
          GenerationRequest.builder(
                  new long[][] {prompt}, GenerationOptions.builder(NEW_TOKENS).greedy().build())
              .inputs(loops.others())
              .build());
    }
    var generator = Generator.of(model);
    var options = SchedulerOptions.builder().maxRows(4).prefillChunk(3).build();
    try (var scheduler = GenerationScheduler.of(model, options)) {
      var tasks = requests.stream().map(scheduler::submit).toList();
      for (int i = 0; i < tasks.size(); i++) {
        assertEquals(
            generator.generate(requests.get(i)).toString(), tasks.get(i).join().toString());
      }
    }
  }
}
