/// The log on Kafka: one topic whose partitions are the logs.
///
/// [KafkaWal] opens it after [TopicCheck] has looked at everything it stands on. A [KafkaLog] is one
/// partition: it appends through the process's one [LogAppender], finds its end, and judges positions.
/// Readers follow the end together, from a [LogTail] that one [TailPump] feeds, and catch up apart through
/// [CatchUp]. [TopicWatch] sees a topic that was made anew.
///
/// Kafka's clients have threads of their own; what they call back is turned into a blocking call at once.
@NullMarked
package io.elanus.adapters.kafka;

import org.jspecify.annotations.NullMarked;
