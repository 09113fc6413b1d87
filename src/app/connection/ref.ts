/** Names a connection of a workspace. */
export interface ConnectionRef {
  workspaceId: string;
  connectionId: string;
}
