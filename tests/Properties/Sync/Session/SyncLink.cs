namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Two sessions over one ordered channel with random delays; can be cut, even after a certain message.</summary>
internal sealed class SyncLink
{
    public SyncLink(SyncWorld world, SyncReplica a, SyncReplica b)
    {
        A = new(world, a, this);
        B = new(world, b, this);
        A.Begin();
        B.Begin();
    }

    public SyncSide A { get; }

    public SyncSide B { get; }

    public bool IsCut { get; private set; }

    /// <summary>Whether everything is swallowed on the way, though nobody notices a cut.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How many messages arrived, both ways.</summary>
    public int Delivered { get; private set; }

    /// <summary>Cut when so many messages arrived.</summary>
    public int CutAfter { get; set; } = int.MaxValue;

    /// <summary>Called at the cut, before anything else happens.</summary>
    public Action? OnCut { get; set; }

    public void Cut()
    {
        if (!IsCut)
        {
            IsCut = true;
            OnCut?.Invoke();
            A.End();
            B.End();
        }
    }

    public void CountDelivery()
    {
        if (++Delivered >= CutAfter)
        {
            Cut();
        }
    }

    public SyncSide Other(SyncSide side) => ReferenceEquals(side, A) ? B : A;
}
