import { Button, Chip, Group } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ApiInfo } from '../../client/devportal/types.gen';
import { Badge } from '../../kit/badges';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { Pages } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { paths } from '../paths';
import { CATALOGUE_LIMIT, type CatalogueSearch, catalogueRead, tagsRead, themeRead } from '../reads';
import { words } from '../words';
import classes from './catalogue.module.css';

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) return <NothingMatches onClear={onClear} />;
  return (
    <EmptyState
      title={words.catalogue.emptyTitle}
      help={words.catalogue.emptyHelp}
      action={
        <Button component="a" href="/publisher/" variant="default">
          {words.catalogue.openPublisher}
        </Button>
      }
    />
  );
}

export function CataloguePage() {
  const [search, setSearch] = useAddress<CatalogueSearch>();
  const apis = useQuery({ ...catalogueRead(search), placeholderData: keepPreviousData });
  const theme = useQuery(themeRead());
  const isFiltered = Boolean(search.query || search.tag);
  return (
    <>
      <PageHeader title={theme.data?.headline || words.catalogue.title} lead={theme.data?.lead || words.catalogue.lead} />
      <Group mb="lg" gap="md">
        <SearchBox
          key={isFiltered ? 'filtered' : 'all'}
          label={words.catalogue.search}
          value={search.query ?? ''}
          onSearch={(query) => setSearch({ query, offset: 0 })}
        />
        <Tags chosen={search.tag ?? ''} onChoose={(tag) => setSearch({ tag, offset: 0 })} />
      </Group>
      <QueryView query={apis}>
        {(page) =>
          page.list.length === 0 ? (
            <Nothing isFiltered={isFiltered} onClear={() => setSearch({ query: '', tag: '', offset: 0 })} />
          ) : (
            <>
              <ul className={classes.cards} aria-label={words.catalogue.list}>
                {page.list.map((api) => (
                  <ApiCard key={api.id} api={api} />
                ))}
              </ul>
              <Pages limit={CATALOGUE_LIMIT} total={page.pagination?.total ?? page.count} />
            </>
          )
        }
      </QueryView>
    </>
  );
}

function Tags({ chosen, onChoose }: { chosen: string; onChoose: (tag: string) => void }) {
  const tags = useQuery(tagsRead());
  if (!tags.data?.list.length) return null;
  return (
    <Group gap={6} role="group" aria-label={words.catalogue.tags}>
      {['', ...tags.data.list.map((tag) => tag.value)].map((tag) => (
        <Chip key={tag} size="sm" variant="light" checked={chosen === tag} onChange={() => onChoose(tag)}>
          {tag || words.catalogue.all}
        </Chip>
      ))}
    </Group>
  );
}

function ApiCard({ api }: { api: ApiInfo }) {
  const name = api.displayName || api.name || '';
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <span className={classes.initial} aria-hidden="true" data-hue={hueOf(name)}>
          {name.slice(0, 2)}
        </span>
        <div>
          <h2 className={classes.name}>
            <Link to={paths.api(api.id ?? '')}>{name}</Link>
          </h2>
          <div className={classes.context}>
            {api.context}
            {api.version && !api.context?.endsWith(api.version) ? ` · ${api.version}` : ''}
          </div>
        </div>
      </div>
      <p className={classes.text}>{api.description}</p>
      <div className={classes.foot}>
        <span>{words.catalogue.by(api.provider ?? '')}</span>
        {api.lifeCycleStatus === 'PROTOTYPED' ? <Badge tone="cool" label={words.catalogue.prototype} /> : null}
        {api.lifeCycleStatus === 'DEPRECATED' ? <Badge tone="warm" label={words.catalogue.deprecated} /> : null}
      </div>
    </li>
  );
}

/** One of four looks, the same for the same name each time. */
function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 4;
}
