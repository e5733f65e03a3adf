package ai.transonnx.runtime.serving;

/**
 * The work of a {@link GenerationScheduler} at one time.
 *
 * @param waiting the number of requests in the queue
 * @param prefilling the number of requests whose prompts are being computed
 * @param decoding the number of requests that have their first token
 * @param prefixes the number of kept states of prompts
 * @param prefixBytes the size of these states
 */
public record SchedulerStatus(
    int waiting, int prefilling, int decoding, int prefixes, long prefixBytes) {}
