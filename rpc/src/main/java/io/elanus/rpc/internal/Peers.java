package io.elanus.rpc.internal;

import io.elanus.common.model.NodeId;
import java.util.List;

/// Who answers for each role now. Coordinators are found through their election keys, nodes through
/// their membership; a call to a coordinator follows a takeover by itself.
///
/// Methods fail with `SERVICE_UNAVAILABLE` when nobody holds the role, `NODE_NOT_FOUND` when the node is gone.
public interface Peers {
  RootCoordApi rootCoord();

  QueryCoordApi queryCoord();

  DataCoordApi dataCoord();

  QueryNodeApi queryNode(NodeId node);

  DataNodeApi dataNode(NodeId node);

  /// Nodes registered now, in the order of their ids.
  List<NodeId> queryNodes();

  List<NodeId> dataNodes();
}
