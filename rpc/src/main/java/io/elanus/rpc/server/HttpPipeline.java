package io.elanus.rpc.server;

import io.elanus.common.run.Run;
import io.elanus.rpc.http.HttpRoutes;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObjectAggregator;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/// Makes a connection an HTTP/1.1 one.
record HttpPipeline(Run run, HttpRoutes routes, CallPermits permits, RpcLimits limits) {

  void addTo(ChannelPipeline pipeline) {
    pipeline
        .addLast(new IdleStateHandler(0, 0, limits.idleHttp().toMillis(), TimeUnit.MILLISECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(limits.messageBytes()))
        .addLast(new HttpConnection(run, routes, permits));
  }
}
