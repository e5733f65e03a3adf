package com.example.generation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service over HTTP. */
final class Client {
  /** A server-sent event. */
  record Event(String name, JsonNode data) {}

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  Client(int port) {
    this.address = "http://127.0.0.1:" + port;
  }

  /** Waits for the beginning of the response only. */
  HttpResponse<Stream<String>> open(String body) throws IOException, InterruptedException {
    return client.send(post(body), BodyHandlers.ofLines());
  }

  /** Waits for the whole response. */
  HttpResponse<String> generate(String body) throws IOException, InterruptedException {
    return client.send(post(body), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> generateLater(String body) {
    return client.sendAsync(post(body), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    BodyHandler<String> text = BodyHandlers.ofString();
    return client.send(HttpRequest.newBuilder(URI.create(address + path)).build(), text);
  }

  private HttpRequest post(String body) {
    return HttpRequest.newBuilder(URI.create(address + "/generate"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  /** The events of a stream. */
  static List<Event> events(String stream) {
    var events = new ArrayList<Event>();
    for (var block : stream.split("\n\n")) {
      var lines = block.lines().toList();
      events.add(new Event(field(lines, "event:"), JSON.readTree(field(lines, "data:"))));
    }
    return events;
  }

  private static String field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing: " + lines))
        .substring(name.length());
  }
}
