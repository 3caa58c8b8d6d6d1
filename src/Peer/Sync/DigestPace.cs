using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>Which of a peer's digests are answered: a list of all positions must not go out each time while nothing changes.</summary>
internal sealed class DigestPace
{
    /// <summary>How many digests in a row get no answer because nothing changed since the last one.</summary>
    private const int RepeatsMax = 3;

    private (Bytes32 Theirs, Bytes32 Ours)? _answered;
    private int _repeats;

    /// <summary>Takes that both digests are equal.</summary>
    public void Agree() => _answered = null;

    /// <summary>Takes that they differ.</summary>
    /// <returns>Whether to answer.</returns>
    public bool Differ(Bytes32 theirs, Bytes32 ours)
    {
        _repeats = _answered == (theirs, ours) ? _repeats + 1 : 0;
        if (_repeats % (RepeatsMax + 1) != 0)
        {
            return false;
        }

        _answered = (theirs, ours);
        return true;
    }
}
