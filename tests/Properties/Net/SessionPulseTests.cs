using Replica.Peer.Net;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>When a session counts as dead.</summary>
public sealed class SessionPulseTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Who_is_asked_again_and_again_gets_no_more_time_by_that()
    {
        var pulse = new SessionPulse(_time, telemetry: null);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var asked = TimeSpan.Zero; asked < SessionPulse.ProbeLimit; asked += TimeSpan.FromSeconds(1))
        {
            Assert.False(pulse.IsDead);
            pulse.Probe();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(pulse.IsDead);
    }

    [Fact]
    public void A_sign_of_life_ends_the_question()
    {
        var pulse = new SessionPulse(_time, telemetry: null);
        _time.Advance(TimeSpan.FromSeconds(1));
        pulse.Probe();
        _time.Advance(TimeSpan.FromSeconds(1));
        pulse.Heard(1);
        _time.Advance(SessionPulse.ProbeLimit);

        Assert.False(pulse.IsDead);
        pulse.Probe();
        _time.Advance(SessionPulse.ProbeLimit);
        Assert.True(pulse.IsDead);
    }
}
