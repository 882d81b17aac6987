package io.elanus.querycoord.serving;

import io.elanus.proto.milvus.ResourceGroupConfig;
import io.elanus.proto.milvus.ResourceGroupLimit;
import io.elanus.proto.milvus.ResourceGroupTransfer;
import java.util.List;

/// A resource group's configuration, as clients send it and as the metastore keeps it.
public final class GroupConfigCodec {
  private GroupConfigCodec() {}

  public static ResourceGroup.Config decode(ResourceGroupConfig config) {
    return new ResourceGroup.Config(
        config.getRequests().getNodeNum(),
        config.getLimits().getNodeNum(),
        names(config.getTransferFromList()),
        names(config.getTransferToList()));
  }

  public static ResourceGroupConfig encode(ResourceGroup.Config config) {
    return ResourceGroupConfig.newBuilder()
        .setRequests(ResourceGroupLimit.newBuilder().setNodeNum(config.requests()))
        .setLimits(ResourceGroupLimit.newBuilder().setNodeNum(config.limits()))
        .addAllTransferFrom(transfers(config.from()))
        .addAllTransferTo(transfers(config.to()))
        .build();
  }

  private static List<String> names(List<ResourceGroupTransfer> transfers) {
    return transfers.stream().map(ResourceGroupTransfer::getResourceGroup).toList();
  }

  private static List<ResourceGroupTransfer> transfers(List<String> names) {
    return names.stream()
        .map(name -> ResourceGroupTransfer.newBuilder().setResourceGroup(name).build())
        .toList();
  }
}
