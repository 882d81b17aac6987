package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Election;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
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
import io.elanus.proto.milvus.ResourceGroupConfig;
import io.elanus.querycoord.ServingCommand.Wish;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.serving.GroupConfigCodec;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.ServingState;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.QueryCoordApi;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The edge of querycoord. What it answers about loads is the state of this term, confirmed to be the newest
/// at that moment; about collections it reads the store.
final class QueryCoordService implements QueryCoordApi {
  /// How often a load is prepared anew because the catalog changed under it.
  private static final int MAX_TRIES = 5;

  private final QueryCoordPorts ports;
  private final Election<QueryCoordTerm> election;

  QueryCoordService(QueryCoordPorts ports, Election<QueryCoordTerm> election) {
    this.ports = ports;
    this.election = election;
  }

  @Override
  public LoadCollectionResponse loadCollection(LoadCollectionRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    Wish wish =
        new Wish(
            request.getReplicaNumber(),
            ids(request.getPartitionIdsList(), PartitionId::new),
            Set.copyOf(request.getFieldIdsList()),
            request.getResourceGroupsList());
    submitPrepared(collection, () -> load(collection, wish));
    return LoadCollectionResponse.getDefaultInstance();
  }

  private ServingCommand load(CollectionId id, Wish wish) {
    LoadCheck check = LoadCheck.check(ports.meta(), id, wish);
    int shards = check.collection().shardCount();
    Observed observed = election.term().observed(id, shards);
    return new ServingCommand.Load(id, wish, shards, check.conditions(), observed);
  }

  private void submitPrepared(CollectionId collection, Supplier<ServingCommand> command) {
    for (int i = 0; i < MAX_TRIES; i++) {
      if (!(submit(command.get()) instanceof ServingAnswer.CatalogMoved)) {
        return;
      }
    }
    throw ErrorCode.SERVICE_UNAVAILABLE.because("collection %s keeps changing", collection);
  }

  private ServingAnswer submit(ServingCommand command) {
    return election.term().submit(command);
  }

  @Override
  public ReleaseCollectionResponse releaseCollection(ReleaseCollectionRequest request) {
    submit(new ServingCommand.Release(new CollectionId(request.getCollectionId())));
    return ReleaseCollectionResponse.getDefaultInstance();
  }

  @Override
  public ReleasePartitionsResponse releasePartitions(ReleasePartitionsRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    Set<PartitionId> partitions = ids(request.getPartitionIdsList(), PartitionId::new);
    submitPrepared(
        collection,
        () -> {
          LoadCheck check = LoadCheck.check(ports.meta(), collection);
          return new ServingCommand.ReleasePartitions(
              collection, partitions, check.partitions(), check.conditions());
        });
    return ReleasePartitionsResponse.getDefaultInstance();
  }

  @Override
  public LoadStateResponse loadState(LoadStateRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    QueryCoordTerm term = election.term();
    ServingState state = term.confirmed();
    Optional<Load> load = Optional.ofNullable(state.loads().get(id)).filter(_ -> isThere(id));
    return load.map(found ->
            LoadProgress.state(state, term.observed(), id, term.placed().shortages().get(id)))
        .orElseGet(LoadStateResponse::getDefaultInstance);
  }

  private boolean isThere(CollectionId id) {
    return ports
        .meta()
        .get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .filter(collection -> collection.state() == CollectionState.ACTIVE)
        .isPresent();
  }

  @Override
  public ListReplicasResponse listReplicas(ListReplicasRequest request) {
    QueryCoordTerm term = election.term();
    return Servers.replicas(
        term.confirmed(), term.observed(), new CollectionId(request.getCollectionId()));
  }

  @Override
  public ListSegmentsResponse listSegments(ListSegmentsRequest request) {
    QueryCoordTerm term = election.term();
    return Servers.segments(
        term.confirmed(), term.observed(), new CollectionId(request.getCollectionId()));
  }

  @Override
  public MoveSegmentsResponse moveSegments(MoveSegmentsRequest request) {
    submit(
        new ServingCommand.MoveSegments(
            new CollectionId(request.getCollectionId()),
            new NodeId(request.getSourceNodeId()),
            ids(request.getTargetNodeIdsList(), NodeId::new),
            ids(request.getSegmentIdsList(), SegmentId::new),
            election.term().observed()));
    return MoveSegmentsResponse.getDefaultInstance();
  }

  @Override
  public CreateResourceGroupResponse createResourceGroup(CreateResourceGroupRequest request) {
    ResourceGroup.Config config =
        request.hasConfig()
            ? config(request.getName(), request.getConfig())
            : ResourceGroup.Config.of(0, 0);
    submit(new ServingCommand.CreateGroup(request.getName(), config));
    return CreateResourceGroupResponse.getDefaultInstance();
  }

  private static ResourceGroup.Config config(String group, ResourceGroupConfig config) {
    if (!config.hasRequests() || !config.hasLimits()) {
      throw new DbException(
          ErrorCode.RESOURCE_GROUP_ILLEGAL_CONFIG,
          "requests or limits is required: "
              + ErrorCode.RESOURCE_GROUP_ILLEGAL_CONFIG.with("rg", group).text());
    }
    if (config.getNodeFilter().getNodeLabelsCount() > 0) {
      throw ErrorCode.UNSUPPORTED.because(
          "a node filter is not supported yet, resource group %s", group);
    }
    return GroupConfigCodec.decode(config);
  }

  @Override
  public UpdateResourceGroupsResponse updateResourceGroups(UpdateResourceGroupsRequest request) {
    Map<String, ResourceGroup.Config> configs = new HashMap<>();
    request.getConfigsMap().forEach((name, config) -> configs.put(name, config(name, config)));
    submit(new ServingCommand.UpdateGroups(configs));
    return UpdateResourceGroupsResponse.getDefaultInstance();
  }

  @Override
  public DropResourceGroupResponse dropResourceGroup(DropResourceGroupRequest request) {
    submit(new ServingCommand.DropGroup(request.getName()));
    return DropResourceGroupResponse.getDefaultInstance();
  }

  @Override
  public ListResourceGroupsResponse listResourceGroups(ListResourceGroupsRequest request) {
    Set<String> others = new HashSet<>(election.term().confirmed().groups().keySet());
    others.remove(ResourceGroup.DEFAULT_NAME);
    return ListResourceGroupsResponse.newBuilder()
        .addNames(ResourceGroup.DEFAULT_NAME)
        .addAllNames(others.stream().sorted().toList())
        .build();
  }

  @Override
  public DescribeResourceGroupResponse describeResourceGroup(DescribeResourceGroupRequest request) {
    QueryCoordTerm term = election.term();
    return Servers.group(term.confirmed(), term.observed(), request.getName());
  }

  @Override
  public TransferNodeResponse transferNode(TransferNodeRequest request) {
    submit(
        new ServingCommand.TransferNode(
            request.getSource(),
            request.getTarget(),
            request.getNodeCount(),
            election.term().observed()));
    return TransferNodeResponse.getDefaultInstance();
  }

  @Override
  public TransferReplicaResponse transferReplica(TransferReplicaRequest request) {
    submit(
        new ServingCommand.TransferReplica(
            request.getSource(),
            request.getTarget(),
            new CollectionId(request.getCollectionId()),
            request.getReplicaCount()));
    return TransferReplicaResponse.getDefaultInstance();
  }

  private static <T> Set<T> ids(List<Long> values, LongFunction<T> id) {
    return values.stream().map(id::apply).collect(Collectors.toSet());
  }
}
