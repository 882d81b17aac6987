package io.elanus.proxy.write;

import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import java.util.function.Function;

/// A record that lacks its header only.
record Draft(ShardId shard, Function<RecordHeader, LogRecord> body) {}
