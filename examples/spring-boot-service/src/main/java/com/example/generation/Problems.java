package com.example.generation;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.RequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Describes failures to clients. The details of an internal error are for the log only. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  static ProblemDetail of(Throwable failure) {
    if (failure instanceof RequestException) {
      return problem(HttpStatus.BAD_REQUEST, failure.getMessage());
    } else if (failure instanceof BusyException) {
      return problem(HttpStatus.SERVICE_UNAVAILABLE, "too many requests wait; try again later");
    } else if (failure instanceof MemoryLimitException) {
      return problem(
          HttpStatus.SERVICE_UNAVAILABLE,
          "there is not enough memory for this request; make it smaller, or try again later");
    } else if (failure instanceof ClosedException || failure instanceof CancelledException) {
      return problem(HttpStatus.SERVICE_UNAVAILABLE, "the service is stopping");
    }
    LOG.error("A generation failed", failure);
    return problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal error; see the service's log");
  }

  private static ProblemDetail problem(HttpStatus status, String detail) {
    return ProblemDetail.forStatusAndDetail(status, detail);
  }
}
