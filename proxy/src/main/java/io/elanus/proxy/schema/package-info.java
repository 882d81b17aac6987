/// What a user may declare: names, limits and the rules of a schema, with Milvus's texts.
@NullMarked
package io.elanus.proxy.schema;

import org.jspecify.annotations.NullMarked;
