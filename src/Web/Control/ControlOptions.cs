using System.Net;

namespace Replica.Web.Control;

/// <summary>Where the control API of a home is served.</summary>
public sealed record ControlOptions
{
    /// <summary>The socket: the first of <see cref="ControlSocket.PathsFor"/>.</summary>
    public required string SocketPath { get; init; }

    /// <summary>How long requests under way may take to end when the server stops.</summary>
    public required TimeSpan StopLimit { get; init; }

    /// <summary>The clock that measures <see cref="Silence"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>After how long a stream of events in which nothing happens gives a sign of life; 15 seconds if not set.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>An address of loopback to serve at as well, to who shows the home's token; null for none. Port 0 takes a free one.</summary>
    public IPEndPoint? Listen
    {
        get;
        init
        {
            if (value is not null && !IPAddress.IsLoopback(value.Address))
            {
                throw new ArgumentException($"{value} is no address of loopback: the API is for this machine only.", nameof(value));
            }

            field = value;
        }
    }
}
