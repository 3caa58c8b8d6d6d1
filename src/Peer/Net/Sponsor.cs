using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Peer.Store;

namespace Replica.Peer.Net;

/// <summary>Lets newcomers in on behalf of a space: checks the invitation and commits the admission in one transaction.</summary>
internal static class Sponsor
{
    /// <summary>The invitations of an admin's making, for newcomers to name; those that are over get an answer of their own.</summary>
    public static Task<IReadOnlyList<AuthorKey>> OpenInvitationsAsync(SpaceStore store, CancellationToken cancellationToken) =>
        store.QueryAsync<IReadOnlyList<AuthorKey>>(
            static ledger =>
            [
                .. ledger.Roles.Invitations
                    .Where(static pair => pair.Value.Invites.Count > 0)
                    .OrderBy(static pair => pair.Value.IsCancelled)
                    .ThenByDescending(static pair => pair.Value.Invites[0].Invite.ExpiresUnixMilliseconds)
                    .Select(static pair => pair.Key),
            ],
            cancellationToken);

    /// <summary>Admits a device whose hold of the invitation key was proved.</summary>
    /// <param name="store">The space.</param>
    /// <param name="admit">The operation; its role is filled in from the invitation.</param>
    /// <param name="time">The clock that judges expiry.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    public static async Task<AdmitOutcome> AdmitAsync(
        SpaceStore store, Operation.Admit admit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var isFull = IsFull(store);
            var (outcome, _) = await store.WriteAsync(
                transaction => Admit(transaction, admit, (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(), isFull), cancellationToken);
            // The newcomer is told that it is in: no power cut may put it out again.
            await store.FlushAsync(cancellationToken);
            return outcome;
        }
        catch (NotAdmittedException)
        {
            // A reader can't sponsor anybody.
            return AdmitOutcome.Unknown;
        }
    }

    /// <summary>Whether the space has as many logs as the format allows: nobody further is let in.</summary>
    public static bool IsFull(SpaceStore store) => store.Durable is { Count: >= ChangeLimits.LogsMax } positions
        && positions.Select(static position => position.Log).Distinct().Count() >= ChangeLimits.LogsMax;

    private static AdmitOutcome Admit(ITransaction transaction, Operation.Admit admit, ulong now, bool isFull)
    {
        if (!transaction.Roles.Invitations.TryGetValue(admit.Invitation, out var invitation)
            || invitation.Invites.Count == 0)
        {
            return AdmitOutcome.Unknown;
        }

        if (invitation.IsCancelled)
        {
            return AdmitOutcome.Cancelled;
        }

        if (invitation.Admitted.Contains(admit.Device))
        {
            // Its welcome was lost: it gets another, which is no second use.
            return AdmitOutcome.Admitted;
        }

        if (isFull)
        {
            return AdmitOutcome.Unknown;
        }

        var invite = invitation.Invites[0].Invite;
        if (now >= invite.ExpiresUnixMilliseconds)
        {
            return AdmitOutcome.Expired;
        }

        if ((ulong)invitation.Admitted.Count >= invite.Uses)
        {
            return AdmitOutcome.UsedUp;
        }

        transaction.Add(Target.Space.Instance, admit with { Role = invite.Role });
        return AdmitOutcome.Admitted;
    }
}
