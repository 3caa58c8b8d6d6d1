namespace Replica.Transport.Dialing;

/// <summary>A device to be reached, or an address of which the device is not known yet.</summary>
internal sealed class DialTarget(DialOptions options, Func<double> chance)
{
    private int _failures;
    private int _upgrades;

    /// <summary>The device, once it is known.</summary>
    public DeviceKey? Device { get; set; }

    /// <summary>Its addresses.</summary>
    public List<Candidate> Candidates { get; } = [];

    /// <summary>Sessions without a relay.</summary>
    public int DirectSessions { get; set; }

    /// <summary>Sessions through a relay.</summary>
    public int RelayedSessions { get; set; }

    /// <summary>When the next race begins; null while one runs or none is needed.</summary>
    public TimeSpan? RaceAt { get; set; }

    /// <summary>Whether it has a session of any kind.</summary>
    public bool IsReached => DirectSessions + RelayedSessions > 0;

    /// <summary>Whether nothing better can come of a dial.</summary>
    public bool IsSettled => DirectSessions > 0 || (RelayedSessions > 0 && Candidates.TrueForAll(static one => one.IsRelayed));

    /// <summary>Begins at once, and forgets earlier failures.</summary>
    public void Hurry(TimeSpan now)
    {
        (_failures, _upgrades) = (0, 0);
        if (!IsSettled)
        {
            RaceAt = now;
        }
    }

    /// <summary>Puts the addresses in order: direct ones one after the other, the relay a little behind the first.</summary>
    public void BeginRace(TimeSpan now)
    {
        RaceAt = null;
        // A direct dial that has just begun has its lead over those that were learned since.
        var step = Candidates.Where(static one => !one.IsRelayed && one.IsUnderWay)
            .Select(one => one.BegunAt + options.RaceStep - now).Append(TimeSpan.Zero).Max();
        var ready = Candidates.Where(one => !one.IsDialling && one.LeftAloneUntil <= now && !(one.IsRelayed && IsReached))
            .OrderBy(static one => one.Rank).ToArray();
        var isDirectTried = Candidates.Exists(static one => !one.IsRelayed && one.IsDialling);
        foreach (var candidate in ready)
        {
            candidate.DueAt = candidate.IsRelayed ? now + (isDirectTried ? options.RelayDelay : TimeSpan.Zero) : now + step;
            if (!candidate.IsRelayed)
            {
                isDirectTried = true;
                step += options.RaceStep;
            }
        }

        EndRaceIfOver(now);
    }

    /// <summary>An address failed: the next one need not wait for its turn.</summary>
    public void OnFailed(Candidate failed, TimeSpan now)
    {
        (failed.IsDialling, failed.IsInSession) = (false, false);
        failed.DueAt = null;
        var next = Candidates.Where(static one => one.DueAt is not null).OrderBy(static one => one.DueAt).FirstOrDefault();
        if (next is not null && next.DueAt > now && !Candidates.Exists(static one => one.IsDialling))
        {
            next.DueAt = now;
        }

        EndRaceIfOver(now);
    }

    /// <summary>A session was opened: those still waiting for their turn need not be tried, save for a direct way past a relay.</summary>
    public void OnSession(bool isDirect, TimeSpan now)
    {
        _ = isDirect ? DirectSessions++ : RelayedSessions++;
        foreach (var candidate in Candidates.Where(one => isDirect || one.IsRelayed))
        {
            candidate.DueAt = null;
        }

        if (isDirect)
        {
            RaceAt = null;
            _upgrades = 0;
        }
        else
        {
            EndRaceIfOver(now);
        }
    }

    /// <summary>A session ended.</summary>
    /// <param name="isDirect">Whether it went without a relay.</param>
    /// <param name="wasUseful">Whether it had a purpose; one without counts as a failure.</param>
    /// <param name="now">The time.</param>
    public void OnEnded(bool isDirect, bool wasUseful, TimeSpan now)
    {
        _ = isDirect ? DirectSessions-- : RelayedSessions--;
        _failures = wasUseful ? 0 : _failures + 1;

        if (!IsReached && Candidates.Count > 0)
        {
            RaceAt = now + Pause(options.BackoffMin, _failures);
        }
        else
        {
            EndRaceIfOver(now);
        }
    }

    /// <summary>Sets the time of the next race, if one is needed and none is under way.</summary>
    public void EndRaceIfOver(TimeSpan now)
    {
        if (IsSettled || RaceAt is not null || Candidates.Count == 0
            || Candidates.Exists(one => one.DueAt is not null || (one.IsDialling && !(IsReached && one.IsRelayed))))
        {
            return;
        }

        RaceAt = now + (IsReached ? Pause(options.UpgradeMin, _upgrades++) : Pause(options.BackoffMin, _failures++));
    }

    // Full jitter: many peers that lost one another at once must not come back at once.
    private TimeSpan Pause(TimeSpan first, int failures)
    {
        var ceiling = Math.Min(options.BackoffMax.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 20)));
        return TimeSpan.FromMilliseconds(ceiling * chance());
    }
}
