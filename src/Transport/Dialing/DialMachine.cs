namespace Replica.Transport.Dialing;

/// <summary>
/// Decides which addresses are dialled when: races the direct ones of a device, lets the relay join, goes on looking for a
/// direct way while a relay carries the session, backs off. Does no I/O, reads no clock, starts no task.
/// </summary>
/// <remarks>Not safe for several threads: its owner locks. Source: docs/protocol-reach.md, section 4.</remarks>
/// <param name="options">Times and limits.</param>
/// <param name="chance">Draws a number from 0 to below 1, for the jitter.</param>
public sealed class DialMachine(DialOptions options, Func<double> chance)
{
    private readonly Dictionary<PeerAddress, DialTarget> _byAddress = [];
    private readonly Dictionary<DeviceKey, DialTarget> _byDevice = [];
    private readonly List<DialTarget> _targets = [];
    private readonly List<PeerAddress> _cancel = [];
    private readonly TriedAddresses _tried = new(options.TargetsMax);

    /// <summary>The addresses of devices without a session.</summary>
    public IReadOnlyList<DialState> Waiting =>
    [
        .. from target in _targets
           where !target.IsReached
           from one in target.Candidates
           select new DialState(one.Address, target.Device, one.IsDialling, one.Detail)
           {
               Kind = one.Kind,
               NextAt = one.IsDialling || target.RaceAt is not { } race ? one.DueAt : race > one.LeftAloneUntil ? race : one.LeftAloneUntil,
           },
    ];

    /// <summary>Learns an address. One that is known already keeps the better of its kinds.</summary>
    /// <param name="address">The address.</param>
    /// <param name="kind">Where it was learned.</param>
    /// <param name="device">To whom it should lead; null if that is not known.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when there are too many already; it is then not kept.</returns>
    public bool Add(PeerAddress address, CandidateKind kind, DeviceKey? device, TimeSpan now)
    {
        if (_byAddress.TryGetValue(address, out var known))
        {
            var one = known.Candidates.Find(one => one.Address == address)!;
            one.IsForgotten = false;
            if (kind < one.Kind)
            {
                one.Kind = kind;
                known.Hurry(now);
            }

            return true;
        }

        var target = device is { } key && _byDevice.TryGetValue(key, out var found) ? found : NewTarget(device);
        if (target is null || target.Candidates.Count >= options.CandidatesPerTargetMax)
        {
            return false;
        }

        target.Candidates.Add(new(address, kind));
        _byAddress.Add(address, target);
        target.Hurry(now);
        return true;
    }

    /// <summary>Learns another address of the device that is behind a known one: the two are raced, not both dialled at once.</summary>
    /// <param name="address">The address.</param>
    /// <param name="kind">Where it was learned.</param>
    /// <param name="beside">The one that leads to the same device; if it is not known, the new one stands alone.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when there are too many already; it is then not kept.</returns>
    public bool AddBeside(PeerAddress address, CandidateKind kind, PeerAddress beside, TimeSpan now)
    {
        if (_byAddress.ContainsKey(address) || !_byAddress.TryGetValue(beside, out var target)
            || target.Candidates.Count >= options.CandidatesPerTargetMax)
        {
            return Add(address, kind, null, now);
        }

        target.Candidates.Add(new(address, kind));
        _byAddress.Add(address, target);
        target.Hurry(now);
        return true;
    }

    /// <summary>Learns addresses that lead to one device, whichever it is: they are raced with each other, the relay last.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="kind">Where they were learned.</param>
    /// <param name="now">The time.</param>
    public void AddTogether(IReadOnlyList<PeerAddress> addresses, CandidateKind kind, TimeSpan now)
    {
        var target = addresses.Select(address => _byAddress.GetValueOrDefault(address)).FirstOrDefault(static known => known is not null)
            ?? NewTarget(null);
        if (target is null)
        {
            return;
        }

        foreach (var address in addresses.Where(address => !_byAddress.ContainsKey(address)))
        {
            if (target.Candidates.Count < options.CandidatesPerTargetMax)
            {
                target.Candidates.Add(new(address, kind));
                _byAddress.Add(address, target);
                target.Hurry(now);
            }
        }

        DropIfEmpty(target);
    }

    /// <summary>
    /// Forgets an address that was learned in this way and in no better one, unless it led to a session before and means
    /// something on other links too.
    /// </summary>
    public void Remove(PeerAddress address, CandidateKind kind)
    {
        if (!_byAddress.TryGetValue(address, out var target)
            || target.Candidates.Find(one => one.Address == address) is not { } candidate || candidate.Kind != kind)
        {
            return;
        }

        if (candidate.WasGood && !address.IsOnLink)
        {
            candidate.Kind = CandidateKind.LastGood;
            return;
        }

        if (candidate.IsDialling)
        {
            // Who takes it back may be a liar: a dial under way is seen through.
            candidate.IsForgotten = true;
            return;
        }

        Drop(target, candidate);
    }

    /// <summary>A dial came to nothing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="detail">Why, for the status.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether that is news: it did not fail for the same reason before.</returns>
    public bool OnFailed(PeerAddress address, string detail, TimeSpan now)
    {
        if (!_byAddress.TryGetValue(address, out var target))
        {
            return false;
        }

        var candidate = target.Candidates.Find(one => one.Address == address)!;
        var isNews = candidate.Detail != detail;
        candidate.Detail = detail;
        if (candidate.IsAnnounced)
        {
            _tried.Add(address, now);
        }

        target.OnFailed(candidate, now);
        DropIfForgotten(target, candidate);
        return isNews;
    }

    /// <summary>A dial led back to this very process: the address is left alone for a while.</summary>
    public void OnLoop(PeerAddress address, TimeSpan now)
    {
        if (_byAddress.TryGetValue(address, out var target))
        {
            var candidate = target.Candidates.Find(one => one.Address == address)!;
            (candidate.LeftAloneUntil, candidate.Detail) = (now + options.LoopPause, "the address is this process itself");
            target.OnFailed(candidate, now);
            DropIfForgotten(target, candidate);
        }
    }

    /// <summary>A session was opened with a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dialled">The address, if this side dialled.</param>
    /// <param name="isDirect">Whether it goes without a relay.</param>
    /// <param name="now">The time.</param>
    public void OnSession(DeviceKey device, PeerAddress? dialled, bool isDirect, TimeSpan now)
    {
        var target = _byDevice.TryGetValue(device, out var known) ? known : null;
        if (dialled is not null && _byAddress.TryGetValue(dialled, out var from) && from != target)
        {
            target = MoveTo(target, from, dialled, device, now);
        }

        target ??= NewTarget(device);
        if (target is null)
        {
            return;
        }

        if (target.Candidates.Find(one => one.Address == dialled) is { } good)
        {
            (good.WasGood, good.IsInSession, good.IsForgotten) = (true, true, good.IsForgotten && good.Address.IsOnLink);
        }

        target.OnSession(isDirect, now);
        foreach (var rival in target.Candidates.Where(one => one.IsDialling && one.Address != dialled && (isDirect || one.IsRelayed)))
        {
            _cancel.Add(rival.Address);
        }
    }

    /// <summary>A session ended.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dialled">The address, if this side had dialled.</param>
    /// <param name="isDirect">Whether it went without a relay.</param>
    /// <param name="wasUseful">Whether a space was open in it.</param>
    /// <param name="now">The time.</param>
    /// <param name="detail">Why, for the status.</param>
    public void OnEnded(
        DeviceKey device, PeerAddress? dialled, bool isDirect, bool wasUseful, TimeSpan now, string detail = "the connection ended")
    {
        if (!_byDevice.TryGetValue(device, out var target))
        {
            return;
        }

        if (target.Candidates.Find(one => one.Address == dialled) is { } candidate)
        {
            (candidate.IsDialling, candidate.IsInSession, candidate.Detail) = (false, false, detail);
            if (candidate.IsForgotten)
            {
                _ = target.Candidates.Remove(candidate);
                _ = _byAddress.Remove(candidate.Address);
            }
        }

        target.OnEnded(isDirect, wasUseful, now);
        DropIfEmpty(target);
    }

    /// <summary>The network is another one than before: everything is tried at once.</summary>
    public void OnNetworkChanged(TimeSpan now) => _targets.ForEach(target => target.Hurry(now));

    /// <summary>Says what is to be done at this time.</summary>
    public DialStep Advance(TimeSpan now)
    {
        foreach (var target in _targets.Where(target => target.RaceAt <= now))
        {
            target.BeginRace(now);
        }

        var all = _targets.SelectMany(static target => target.Candidates).ToArray();
        var turns = new DialTurns(options, all);
        var dial = InTurn(all.Where(one => one.DueAt <= now)).Where(turns.TryTake).ToArray();
        foreach (var candidate in dial)
        {
            (candidate.DueAt, candidate.BegunAt, candidate.IsDialling) = (null, now, true);
        }

        TimeSpan? next = null;
        if (all.Any(one => one.IsAnnounced && one.DueAt <= now))
        {
            var announced = all.Where(static one => one.IsAnnounced && one.IsUnderWay).ToLookup(one => one.BegunAt + options.LanTurn <= now);
            _cancel.AddRange(announced[true].Select(static one => one.Address));
            next = announced[false].Aggregate(next, (sum, one) => Earlier(sum, one.BegunAt + options.LanTurn));
        }

        next = _targets.Aggregate(next, static (sum, target) => Earlier(sum, target.RaceAt));
        next = all.Where(one => one.DueAt > now).Aggregate(next, static (sum, one) => Earlier(sum, one.DueAt));
        PeerAddress[] cancel = [.. _cancel];
        _cancel.Clear();
        return new([.. dial.Select(static one => one.Address)], cancel, next);
    }

    /// <summary>
    /// The best first. Of those announced on the local network one that was never tried, the newest before the others, so that no
    /// flood keeps it waiting; then the one that was tried longest ago.
    /// </summary>
    private IEnumerable<Candidate> InTurn(IEnumerable<Candidate> due) =>
        due.OrderBy(static one => one.Rank).ThenBy(one => !one.IsAnnounced ? one.DueAt!.Value.Ticks
            : _tried.Find(one.Address) is { } tried ? tried.Ticks : -1 - one.DueAt!.Value.Ticks);

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;

    private DialTarget? NewTarget(DeviceKey? device)
    {
        if (_targets.Count >= options.TargetsMax)
        {
            return null;
        }

        var target = new DialTarget(options, chance) { Device = device };
        _targets.Add(target);
        if (device is { } key)
        {
            _byDevice.Add(key, target);
        }

        return target;
    }

    /// <summary>
    /// An address turned out to lead to a device: it goes to that device's others. With it go those that were learned together with it,
    /// if they were nobody's yet.
    /// </summary>
    private DialTarget MoveTo(DialTarget? target, DialTarget from, PeerAddress address, DeviceKey device, TimeSpan now)
    {
        if (target is null && from.Device is null)
        {
            from.Device = device;
            _byDevice.Add(device, from);
            return from;
        }

        target ??= NewTarget(device) ?? from;
        if (target == from)
        {
            return target;
        }

        foreach (var candidate in from.Candidates.Where(one => one.Address == address || from.Device is null).OrderBy(one => one.Address != address).ToArray())
        {
            if (candidate.Address == address || target.Candidates.Count < options.CandidatesPerTargetMax)
            {
                _ = from.Candidates.Remove(candidate);
                target.Candidates.Add(candidate);
                _byAddress[candidate.Address] = target;
            }
        }

        // Those that stay may have waited for the one that went.
        from.EndRaceIfOver(now);
        DropIfEmpty(from);
        return target;
    }

    private void DropIfForgotten(DialTarget target, Candidate candidate)
    {
        if (candidate.IsForgotten)
        {
            Drop(target, candidate);
        }
    }

    private void Drop(DialTarget target, Candidate candidate)
    {
        _ = target.Candidates.Remove(candidate);
        _ = _byAddress.Remove(candidate.Address);
        DropIfEmpty(target);
    }

    private void DropIfEmpty(DialTarget target)
    {
        if (target.Candidates.Count == 0 && !target.IsReached)
        {
            _ = _targets.Remove(target);
            if (target.Device is { } device)
            {
                _ = _byDevice.Remove(device);
            }
        }
    }
}
