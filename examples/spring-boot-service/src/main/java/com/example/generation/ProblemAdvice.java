package com.example.generation;

import ai.transonnx.TransonnxException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Answers a request that is not accepted with a problem (RFC 9457), whose detail is one line. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final String RETRY_SECONDS = "1";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(TransonnxException failure) {
    var problem = Problems.of(failure);
    var response = ResponseEntity.status(problem.getStatus());
    if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    return response.body(problem);
  }

  /** Says what is wrong with the JSON. */
  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var problem = ProblemDetail.forStatusAndDetail(status, detail(failure.getCause()));
    return handleExceptionInternal(failure, problem, headers, status, request);
  }

  private static String detail(@Nullable Throwable cause) {
    if (cause instanceof UnrecognizedPropertyException unknown) {
      return "there is no field '%s'; the fields are %s"
          .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds());
    }
    return cause instanceof JacksonException invalid
        ? invalid.getOriginalMessage().lines().findFirst().orElse("the body is not JSON")
        : "the body is missing or is not JSON";
  }
}
