package io.elanus.proxy.write;

import io.elanus.common.model.Column.KeyColumn;

/// What an insert or upsert did: the keys its rows have now, in row order.
///
/// @param timestamp of its records; a Session read sends it back
public record Mutation(KeyColumn keys, long timestamp) {}
