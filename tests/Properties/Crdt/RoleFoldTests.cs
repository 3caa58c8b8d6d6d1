using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt;

/// <summary>Membership folds to the same roles in every causal order, and the lesser of concurrent roles holds.</summary>
public sealed class RoleFoldTests(ITestOutputHelper output)
{
    private static readonly AuthorKey[] Devices = [.. Enumerable.Range(1, 4).Select(i => new AuthorKey(new(0, (UInt128)i)))];
    private static readonly AuthorKey Invitation = new(new(9, 9));

    [Fact]
    public void Roles_do_not_depend_on_the_order_of_arrival() => Seeds.ForEach(output, chance =>
    {
        var steps = Steps(chance);
        var first = Fold(steps);
        for (var i = 0; i < 4; i++)
        {
            var other = Fold(Reorder(steps, chance));
            foreach (var step in steps)
            {
                Assert.All(Devices, device => Assert.Equal(first.RoleIn(device, step.At), other.RoleIn(device, step.At)));
            }

            var all = All(steps);
            Assert.All(Devices, device => Assert.Equal(first.RoleIn(device, all), other.RoleIn(device, all)));
            Assert.Equal(first.Devices.Order(), other.Devices.Order());
            Assert.Equal(
                first.Invitations.GetValueOrDefault(Invitation)?.IsCancelled, other.Invitations.GetValueOrDefault(Invitation)?.IsCancelled);
            Assert.Equal(
                first.Invitations.GetValueOrDefault(Invitation)?.Invites.Count, other.Invitations.GetValueOrDefault(Invitation)?.Invites.Count);
        }
    });

    [Fact]
    public void Of_concurrent_roles_the_lesser_holds_until_a_later_one()
    {
        var fold = new RoleFold();
        fold.Apply(new Operation.Genesis(), Devices[0], At(0, 1));
        fold.Apply(new Operation.Promote(Devices[1], Role.Admin), Devices[0], At(0, 2, (0, 1)));
        fold.Apply(new Operation.Promote(Devices[2], Role.Admin), Devices[0], At(0, 3, (0, 2)));
        fold.Apply(new Operation.Demote(Devices[2], Role.Reader), Devices[1], At(1, 1, (0, 2)));

        Assert.Equal(Role.Reader, fold.RoleIn(Devices[2], At(3, 1, (0, 3), (1, 1))));
        Assert.Equal(Role.Admin, fold.RoleIn(Devices[2], At(3, 1, (0, 3))));
        Assert.Equal(Role.Reader, fold.RoleIn(Devices[2], At(3, 1, (0, 2), (1, 1))));
        Assert.Equal(Role.None, fold.RoleIn(Devices[2], At(3, 1, (0, 2))));

        fold.Apply(new Operation.Promote(Devices[2], Role.Writer), Devices[0], At(0, 4, (0, 3), (1, 1)));

        Assert.Equal(Role.Writer, fold.RoleIn(Devices[2], At(3, 1, (0, 4), (1, 1))));
    }

    [Fact]
    public void Only_an_admin_in_its_own_past_gives_roles()
    {
        var fold = new RoleFold();
        fold.Apply(new Operation.Genesis(), Devices[0], At(0, 1));
        fold.Apply(new Operation.Promote(Devices[1], Role.Writer), Devices[0], At(0, 2, (0, 1)));
        fold.Apply(new Operation.Promote(Devices[1], Role.Admin), Devices[1], At(1, 1, (0, 2)));
        fold.Apply(new Operation.Invite(Invitation, Role.Admin, 1, 0), Devices[1], At(1, 2, (0, 2), (1, 1)));
        fold.Apply(new Operation.Promote(Devices[2], Role.Admin), Devices[0], At(2, 1));

        Assert.Equal(Role.Writer, fold.RoleIn(Devices[1], At(3, 1, (0, 2), (1, 2))));
        Assert.Equal(Role.None, fold.RoleIn(Devices[2], At(3, 1, (0, 2), (2, 1))));
        Assert.Empty(fold.Invitations);
    }

    private static OperationContext At(int branch, ulong seq, params (int Branch, ulong Seq)[] past)
    {
        var known = new VersionVector();
        foreach (var (other, covered) in past)
        {
            _ = known.Raise(new(other), covered);
        }

        return new(known, new(branch), seq, 0);
    }

    private static OperationContext All(List<Step> steps) =>
        At(Devices.Length, 1, [.. steps.Select(step => (step.At.Branch.Value, step.At.Seq))]);

    /// <summary>A random causal history of operations on roles; device i writes branch i.</summary>
    private static List<Step> Steps(Chance chance)
    {
        var steps = new List<Step> { new(new Operation.Genesis(), Devices[0], At(0, 1)) };
        var known = Devices.Select(_ => All([steps[0]]).Known.Clone()).ToArray();
        for (var left = chance.Between(3, 25); left > 0; left--)
        {
            var (writer, other) = (chance.Below(Devices.Length), chance.Below(Devices.Length));
            if (chance.Percent(40))
            {
                known[writer].Join(known[other]);
                continue;
            }

            var seq = known[writer][new(writer)] + 1;
            Operation operation = chance.Below(6) switch
            {
                0 => new Operation.Invite(Invitation, Role.Writer, 1, 0),
                1 => new Operation.Cancel(Invitation),
                2 or 3 => new Operation.Demote(Devices[other], (Role)chance.Between(1, 3)),
                _ => new Operation.Promote(Devices[other], (Role)chance.Between(1, 3)),
            };
            steps.Add(new(operation, Devices[writer], new(known[writer].Clone(), new(writer), seq, 0)));
            _ = known[writer].Raise(new(writer), seq);
        }

        return steps;
    }

    private static RoleFold Fold(IEnumerable<Step> steps)
    {
        var fold = new RoleFold();
        foreach (var step in steps)
        {
            fold.Apply(step.Operation, step.Author, step.At);
        }

        return fold;
    }

    private static List<Step> Reorder(List<Step> steps, Chance chance)
    {
        var (left, order) = (steps.ToList(), new List<Step>());
        while (left.Count > 0)
        {
            var next = chance.Pick(left.FindAll(step => !left.Exists(other => other != step
                && step.At.Covers(other.At.Branch, other.At.Seq, other.At.Index))));
            _ = left.Remove(next);
            order.Add(next);
        }

        return order;
    }

    private sealed record Step(Operation Operation, AuthorKey Author, OperationContext At);
}
