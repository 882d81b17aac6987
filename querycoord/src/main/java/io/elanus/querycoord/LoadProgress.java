package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.model.CollectionId;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.querycoord.placement.NodeReport;
import io.elanus.querycoord.placement.NodeReport.Led;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.placement.Plan.Shortage;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Route;
import io.elanus.querycoord.serving.RouteKey;
import io.elanus.querycoord.serving.ServingState;
import io.elanus.rpc.codec.LoadScopeCodec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a collection is, by what its leaders said last.
final class LoadProgress {
  private static final Led UNHEARD = new Led(0, false, 0, "");

  private LoadProgress() {}

  /// Of a loaded collection.
  static LoadStateResponse state(
      ServingState state, Observed observed, CollectionId collection, @Nullable Shortage shortage) {
    Load load = Objects.requireNonNull(state.loads().get(collection));
    int percent = percent(state, observed, collection, load.shardCount());
    LoadStateResponse.Builder response =
        LoadStateResponse.newBuilder()
            .setWanted(true)
            .setReplicaNumber(load.replicaNumber())
            .setProgress(percent)
            .setScope(LoadScopeCodec.encode(load.scope()));
    if (percent < 100) {
      if (shortage != null) {
        DbException error = LoadRules.shortage(shortage);
        response.setFailure(error.text()).setFailureCode(error.code().number());
      } else {
        failure(state, observed, collection).ifPresent(response::setFailure);
      }
    }
    return response.build();
  }

  /// The mean over all shards, 0..100. A shard is as far as the replica that is furthest: one is enough to
  /// answer. 100 only when every shard has a leader that answers searches.
  private static int percent(
      ServingState state, Observed observed, CollectionId collection, int shardCount) {
    int[] percents = new int[shardCount];
    state
        .routesOf(collection)
        .forEach((key, route) -> {
          int shard = key.shard().index();
          if (shard < shardCount) {
            percents[shard] = Math.max(percents[shard], percent(led(observed, key, route)));
          }
        });
    int sum = 0;
    for (int percent : percents) {
      sum += percent;
    }
    return shardCount == 0 ? 0 : sum / shardCount;
  }

  private static int percent(Led led) {
    return led.serving() ? 100 : Math.clamp(led.progress(), 0, 99);
  }

  private static Led led(Observed observed, RouteKey key, Route route) {
    return Optional.ofNullable(observed.members().get(route.leader()))
        .map(member -> observed.reports().get(member.node()))
        .flatMap((NodeReport report) -> report.led(key.shard()))
        .orElse(UNHEARD);
  }

  private static Optional<String> failure(
      ServingState state, Observed observed, CollectionId collection) {
    List<Map.Entry<RouteKey, Route>> routes = List.copyOf(state.routesOf(collection).entrySet());
    return routes.stream()
        .map(entry -> led(observed, entry.getKey(), entry.getValue()))
        .filter(led -> !led.serving() && !led.failure().isEmpty())
        .map(Led::failure)
        .findFirst();
  }
}
