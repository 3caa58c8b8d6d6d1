namespace Replica.Transport.Dialing;

/// <summary>Shares out the dials that may go on at once, so that announcements on the local network can't take all.</summary>
internal sealed class DialTurns
{
    private int _all;
    private int _lan;
    private int _hearsay;

    public DialTurns(DialOptions options, IReadOnlyList<Candidate> candidates)
    {
        (_all, _lan, _hearsay) = (options.DialsMax, options.LanDialsMax, options.HearsayDialsMax);
        foreach (var one in candidates.Where(static one => one.IsUnderWay))
        {
            Count(one);
        }
    }

    /// <summary>Takes a turn for a candidate.</summary>
    /// <returns>False if it must wait.</returns>
    public bool TryTake(Candidate candidate)
    {
        if (_all <= 0 || (candidate.IsAnnounced && _lan <= 0) || (candidate is { IsAnnounced: true, Kind: CandidateKind.Hearsay } && _hearsay <= 0))
        {
            return false;
        }

        Count(candidate);
        return true;
    }

    private void Count(Candidate candidate)
    {
        _all--;
        if (candidate.IsAnnounced)
        {
            _lan--;
            _hearsay -= candidate.Kind == CandidateKind.Hearsay ? 1 : 0;
        }
    }
}
