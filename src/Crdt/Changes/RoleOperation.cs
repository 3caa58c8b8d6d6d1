using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>A counting operation on the role of a device.</summary>
/// <param name="Device">The device.</param>
/// <param name="Role">The role it has from there on.</param>
/// <param name="At">Where the operation stands and what it has in its past.</param>
public sealed record RoleOperation(AuthorKey Device, Role Role, OperationContext At);
