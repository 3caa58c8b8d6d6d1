namespace Replica.Transport.Relay;

/// <summary>What one connection may still ask for: frames by rate, tags by number.</summary>
/// <param name="tagsMax">Tags that may hold at once.</param>
/// <param name="time">The clock.</param>
internal sealed class RelayAllowance(int tagsMax, TimeProvider time)
{
    private const int FramesPerSecond = 20;
    private const int FramesBurst = 200;

    private readonly TokenBucket _frames = new(FramesPerSecond, FramesBurst, time);
    private readonly Dictionary<DeviceKey, long> _tags = [];

    /// <summary>Counts a frame.</summary>
    /// <exception cref="RelayException">There were too many.</exception>
    public void CountFrame()
    {
        if (!_frames.TryTake())
        {
            throw new RelayException($"More than {FramesPerSecond} frames a second came.");
        }
    }

    /// <summary>Counts an announcement; those that ran out make room.</summary>
    /// <returns>False when too many tags hold already.</returns>
    public bool TryCountTag(ReadOnlySpan<byte> tag, TimeSpan lifetime)
    {
        var now = time.GetTimestamp();
        foreach (var old in _tags.Where(pair => pair.Value <= now).Select(static pair => pair.Key).ToArray())
        {
            _ = _tags.Remove(old);
        }

        var key = DeviceKey.FromBytes(tag);
        if (_tags.Count >= tagsMax && !_tags.ContainsKey(key))
        {
            return false;
        }

        _tags[key] = now + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        return true;
    }
}
