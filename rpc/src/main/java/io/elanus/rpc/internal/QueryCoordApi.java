package io.elanus.rpc.internal;

import io.elanus.proto.internal.CreateResourceGroupRequest;
import io.elanus.proto.internal.CreateResourceGroupResponse;
import io.elanus.proto.internal.DescribeResourceGroupRequest;
import io.elanus.proto.internal.DescribeResourceGroupResponse;
import io.elanus.proto.internal.DropResourceGroupRequest;
import io.elanus.proto.internal.DropResourceGroupResponse;
import io.elanus.proto.internal.ListReplicasRequest;
import io.elanus.proto.internal.ListReplicasResponse;
import io.elanus.proto.internal.ListResourceGroupsRequest;
import io.elanus.proto.internal.ListResourceGroupsResponse;
import io.elanus.proto.internal.ListSegmentsRequest;
import io.elanus.proto.internal.ListSegmentsResponse;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadCollectionResponse;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.MoveSegmentsRequest;
import io.elanus.proto.internal.MoveSegmentsResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleaseCollectionResponse;
import io.elanus.proto.internal.ReleasePartitionsRequest;
import io.elanus.proto.internal.ReleasePartitionsResponse;
import io.elanus.proto.internal.TransferNodeRequest;
import io.elanus.proto.internal.TransferNodeResponse;
import io.elanus.proto.internal.TransferReplicaRequest;
import io.elanus.proto.internal.TransferReplicaResponse;
import io.elanus.proto.internal.UpdateResourceGroupsRequest;
import io.elanus.proto.internal.UpdateResourceGroupsResponse;

/// Loading and releasing collections, replicas and resource groups, as querycoord serves them. The caller
/// cannot tell whether the role is in this process; failures are `DbException`s either way. Each method is
/// documented in `querycoord.proto`.
public interface QueryCoordApi {
  LoadCollectionResponse loadCollection(LoadCollectionRequest request);

  ReleaseCollectionResponse releaseCollection(ReleaseCollectionRequest request);

  ReleasePartitionsResponse releasePartitions(ReleasePartitionsRequest request);

  LoadStateResponse loadState(LoadStateRequest request);

  ListReplicasResponse listReplicas(ListReplicasRequest request);

  ListSegmentsResponse listSegments(ListSegmentsRequest request);

  MoveSegmentsResponse moveSegments(MoveSegmentsRequest request);

  CreateResourceGroupResponse createResourceGroup(CreateResourceGroupRequest request);

  UpdateResourceGroupsResponse updateResourceGroups(UpdateResourceGroupsRequest request);

  DropResourceGroupResponse dropResourceGroup(DropResourceGroupRequest request);

  ListResourceGroupsResponse listResourceGroups(ListResourceGroupsRequest request);

  DescribeResourceGroupResponse describeResourceGroup(DescribeResourceGroupRequest request);

  TransferNodeResponse transferNode(TransferNodeRequest request);

  TransferReplicaResponse transferReplica(TransferReplicaRequest request);
}
