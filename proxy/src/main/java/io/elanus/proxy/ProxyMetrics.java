package io.elanus.proxy;

import io.elanus.common.memory.HeapBudget;
import io.elanus.common.metrics.Latency;
import io.elanus.common.metrics.Readings;
import io.elanus.proxy.service.RowCounts;
import io.elanus.rpc.call.AccessLog;
import io.elanus.rpc.call.CallHeap;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/// What clients ask, and how they are answered. Where Milvus has a metric of the same meaning it has that
/// one's name, unit and labels, so that boards made for Milvus show it.
///
/// Milvus's counters do not end in `_total`, which the library adds to every counter: they are declared as
/// gauges that only grow. `rate()` does not mind.
public final class ProxyMetrics implements AccessLog {
  private final MeterRegistry meters;
  private final LongAdder began = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Counter received;
  private final Counter sent;
  private final Map<String, Method> methods = new ConcurrentHashMap<>();
  private final Map<Failure, Counter> failures = new ConcurrentHashMap<>();

  /// Calls of one RPC.
  private record Method(LongAdder succeeded, LongAdder failed, DistributionSummary latency) {
    double succeededCount() {
      return succeeded.sum();
    }

    double failedCount() {
      return failed.sum();
    }
  }

  private record Failure(String method, int code) {}

  /// @param heap what calls under way have
  public ProxyMetrics(MeterRegistry meters, ProxyRole role, CallHeap heap) {
    this.meters = meters;
    this.received = bytes("elanus_proxy_received_bytes_total", "Bytes of requests of clients");
    this.sent = bytes("elanus_proxy_sent_bytes_total", "Bytes of responses to clients");
    new Readings<>(meters, this)
        .gauge(
            "elanus_proxy_in_flight_requests",
            "Calls of clients that were not answered yet",
            ProxyMetrics::inFlight);
    new Readings<>(meters, heap.requests())
        .gauge(
            "elanus_proxy_request_heap_bytes",
            "Heap that requests under way have",
            HeapBudget::takenBytes)
        .count(
            "elanus_proxy_refused_requests_total",
            "Requests that there was no heap for",
            HeapBudget::refused);
    new Readings<>(meters, heap.answers())
        .gauge(
            "elanus_proxy_answer_bytes",
            "Answers that their clients have not taken yet",
            HeapBudget::takenBytes)
        .count(
            "elanus_proxy_refused_answers_total",
            "Answers that there was no memory for",
            HeapBudget::refused);
    new Readings<>(meters, role)
        .gauge(
            "elanus_proxy_backlog_bytes",
            "Written by this proxy and in no manifest yet",
            ProxyRole::backlogBytes)
        .count(
            "elanus_proxy_shard_call_retries_total",
            "Calls of query nodes that were made again",
            r -> r.counts().retries())
        .count(
            "elanus_proxy_cold_calls_total",
            "Calls of query nodes that were not given the shard",
            r -> r.counts().coldCalls());
    new Readings<>(meters, role)
        .gauge(
            "milvus_proxy_slow_query_count",
            "Searches and queries that were slow",
            ProxyRole::slowReads);
    rows("milvus_proxy_insert_vectors_count", "Rows inserted", role, RowCounts::inserted);
    rows("milvus_proxy_upsert_vectors_count", "Rows upserted", role, RowCounts::upserted);
    rows("milvus_proxy_delete_vectors_count", "Rows deleted", role, RowCounts::deleted);
    rows("milvus_proxy_search_vectors_count", "Vectors searched for", role, RowCounts::searched);
  }

  @Override
  public void began() {
    began.increment();
  }

  @Override
  public void ended(Entry entry) {
    ended.increment();
    received.increment(entry.requestBytes());
    sent.increment(entry.responseBytes());
    Method known = methods.get(entry.method());
    Method method = known == null ? methods.computeIfAbsent(entry.method(), this::method) : known;
    method.latency().record(entry.took().toNanos() / 1e6);
    if (entry.code() == 0) {
      method.succeeded().increment();
    } else {
      method.failed().increment();
      failures
          .computeIfAbsent(new Failure(entry.method(), entry.code()), this::failure)
          .increment();
    }
  }

  /// The sums are of two instants, those that ended first: never too low, and 0 when all is quiet.
  private double inFlight() {
    long before = ended.sum();
    return began.sum() - before;
  }

  private Counter bytes(String name, String help) {
    return Counter.builder(name).description(help).register(meters);
  }

  private void rows(String name, String help, ProxyRole role, ToDoubleFunction<RowCounts> count) {
    new Readings<>(meters, role.rows()).gauge(name, help, count);
  }

  private Method method(String name) {
    DistributionSummary latency =
        Latency.millis(
            meters,
            "milvus_proxy_req_latency",
            "Milliseconds from the request of a client to the answer, failures included",
            "function_name",
            name);
    Method method = new Method(new LongAdder(), new LongAdder(), latency);
    requests(name, method, "total", m -> m.succeededCount() + m.failedCount());
    requests(name, method, "success", Method::succeededCount);
    requests(name, method, "fail", Method::failedCount);
    return method;
  }

  private void requests(String name, Method method, String status, ToDoubleFunction<Method> count) {
    new Readings<>(meters, method)
        .with("function_name", name)
        .with("status", status)
        .gauge("milvus_proxy_req_count", "Calls of clients that were answered", count);
  }

  private Counter failure(Failure failure) {
    return Counter.builder("elanus_proxy_failures_total")
        .description("Calls of clients that failed, by the code they were answered with")
        .tag("method", failure.method())
        .tag("code", Integer.toString(failure.code()))
        .register(meters);
  }
}
