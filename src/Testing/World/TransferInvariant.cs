using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Testing.World;

/// <summary>A change shows whole or not at all: what one account loses another has, in every snapshot of every peer.</summary>
internal sealed class TransferInvariant : ISimulationInvariant
{
    private const int Accounts = 3;
    private const string Balance = "balance";

    /// <summary>Moves an amount from one account to another.</summary>
    public static void Transfer(ITransaction transaction, Chance chance)
    {
        var amount = chance.Between(1, 100);
        var from = chance.Below(Accounts);
        transaction.AddToCounter(Account(from), Balance, -amount);
        transaction.AddToCounter(Account((from + chance.Between(1, Accounts - 1)) % Accounts), Balance, amount);
    }

    public void OnCommitted(SimulatedPeer peer)
    {
        var sum = 0L;
        for (var i = 0; i < Accounts; i++)
        {
            foreach (var (name, value) in peer.GetNode(Account(i).Id)?.Fields ?? [])
            {
                sum += name == Balance && value.Kind == ValueKind.Integer ? value.AsInteger() : 0;
            }
        }

        if (sum != 0)
        {
            throw new SimulationException($"{peer} shows a half of a transfer: its accounts sum up to {sum} instead of 0.");
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        foreach (var peer in peers)
        {
            OnCommitted(peer);
        }
    }

    private static Target.Node Account(int number) => new($"account-{number}");
}
