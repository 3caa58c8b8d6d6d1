using System.Security.Cryptography;
using System.Text;

namespace Replica.Web.Control;

/// <summary>The token that a request over TCP must show. Any thread may call.</summary>
internal sealed class ApiToken : IDisposable
{
    private const string Scheme = "Bearer ";

    private readonly Lock _gate = new();
    private Due _due;

    /// <param name="due">What it is.</param>
    public ApiToken(string due) => _due = new(due);

    /// <summary>Whether a header shows it. How long this takes does not depend on what is shown, but for its length.</summary>
    /// <param name="authorization">The header.</param>
    /// <param name="renewed">Cancelled once another token holds: what was let in by this one must end then.</param>
    public bool IsShownBy(string authorization, out CancellationToken renewed)
    {
        var due = Volatile.Read(ref _due);
        renewed = due.Renewed;
        return authorization.Length == Scheme.Length + due.Bytes.Length
            && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]), due.Bytes);
    }

    /// <summary>Puts another in its place, at once.</summary>
    /// <param name="draw">Draws it and keeps it on disk; if it throws, the old one stays.</param>
    public void Renew(Func<string> draw)
    {
        lock (_gate)
        {
            var drawn = draw();
            using var before = _due;
            Volatile.Write(ref _due, new(drawn));
            before.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _due.Dispose();

    private sealed class Due : IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public Due(string text) => (Bytes, Renewed) = (Encoding.ASCII.GetBytes(text), _end.Token);

        public byte[] Bytes { get; }

        public CancellationToken Renewed { get; }

        public void End() => _end.Cancel();

        public void Dispose() => _end.Dispose();
    }
}
