using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>All that admins said about one invitation key. Mutable; the fold owns it.</summary>
public sealed class InvitationRecord
{
    private readonly List<(Operation.Invite Invite, OperationContext At)> _invites = [];
    private readonly List<OperationContext> _cancels = [];
    private readonly HashSet<AuthorKey> _admitted = [];
    private readonly List<(AuthorKey Device, string Name, AuthorKey Sponsor)> _admissions = [];

    /// <summary>The invitations under this key; mostly one, more only if admins re-use a key.</summary>
    public IReadOnlyList<(Operation.Invite Invite, OperationContext At)> Invites => _invites;

    /// <summary>Whether any known admin took it back.</summary>
    public bool IsCancelled => _cancels.Count > 0;

    /// <summary>The devices let in under it.</summary>
    public IReadOnlyCollection<AuthorKey> Admitted => _admitted;

    /// <summary>Who let in whom under it, and what the newcomer called itself; twice for a device that two sponsors let in at once.</summary>
    public IReadOnlyList<(AuthorKey Device, string Name, AuthorKey Sponsor)> Admissions => _admissions;

    /// <summary>Whether an operation with this past may admit under the key with this role.</summary>
    public bool Allows(Role role, OperationContext past) =>
        _invites.Exists(made => made.Invite.Role == role && past.Covers(made.At.Branch, made.At.Seq, made.At.Index))
        && !_cancels.Exists(cancel => past.Covers(cancel.Branch, cancel.Seq, cancel.Index));

    internal void Add(Operation.Invite invite, OperationContext at) => _invites.Add((invite, at));

    internal void AddCancel(OperationContext at) => _cancels.Add(at);

    internal void AddAdmitted(AuthorKey device, string name, AuthorKey sponsor)
    {
        _ = _admitted.Add(device);
        _admissions.Add((device, name, sponsor));
    }
}
